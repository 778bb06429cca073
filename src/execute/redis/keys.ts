/** @file The names of everything that this project keeps in Redis. */

/** BullMQ's keys start with it, and so do ours. */
export const prefix = 'run-experiment';

/**
 * One queue for each version and engine: their trials have other numbers, so a worker of another
 * one does not see them. How programs run (`-xla`, `-graph`, `-eager`) is part of the job.
 */
export const queueName = (version: string, family: string): string =>
  `trials-${version}-${family.replace(/-(xla|graph|eager)$/, '')}`;

/** Holds the session that may speak for a run, for as long as its runner renews it. */
export const leaseKey = (run: string) => `${prefix}:run:${run}`;
/** What workers tell, in one stream for all trials of a session. */
export const eventsKey = (session: string) => `${prefix}:session:${session}:events`;
/** Who trains a trial, from which checkpoint, and whether it shall stop. */
export const trialKey = (session: string, number: number) =>
  `${prefix}:session:${session}:trial:${number}`;
/** A piece of a checkpoint or of a trial's files. */
export const pieceKey = (session: string, id: string, piece: number) =>
  `${prefix}:session:${session}:bytes:${id}:${piece}`;

/** BullMQ's name of a job; unique for each time that a trial is offered. */
export const jobId = (run: string, session: string, number: number, round: number) =>
  `${run}-${session}-${number}-${round}`;
