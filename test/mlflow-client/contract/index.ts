/** @file All that the client promises on any store of MLflow. */
import { testArtifacts } from './artifacts.ts';
import { testExperiments } from './experiments.ts';
import type { GetGround } from './ground.ts';
import { testIllTyped } from './ill-typed.ts';
import { testLogging } from './logging.ts';
import { testModels, testRegistry } from './models.ts';
import { testRuns } from './runs.ts';

export { createGround, type Ground, newRun, postRaw } from './ground.ts';

export function testClient(getGround: GetGround): void {
  testExperiments(getGround);
  testRuns(getGround);
  testLogging(getGround);
  testIllTyped(getGround);
  testArtifacts(getGround);
  testModels(getGround);
  testRegistry(getGround);
}
