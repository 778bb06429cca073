export { chooseEngine, type ProgramEngine } from './choose.ts';
export {
  type Program,
  type ProgramCall,
  type ProgramFacts,
  type ProgramRequest,
  type ProgramResult,
  prepareProgram,
  type ScanBody,
} from './prepare-program.ts';
export { traceText } from './text.ts';
export { type Tensors, type Trace, trace } from './trace.ts';
export { tryProgram } from './try-program.ts';
