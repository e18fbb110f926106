import type { Detector } from './detector.ts';
import { apiSerialCalls } from './detectors/api-serial-calls.ts';
import { dbConsecutiveQueries } from './detectors/db-consecutive-queries.ts';
import { dbLockContention } from './detectors/db-lock-contention.ts';
import { dbMNPlusOne } from './detectors/db-m-n-plus-one.ts';
import { dbMissingIndex } from './detectors/db-missing-index.ts';
import { dbNPlusOne } from './detectors/db-n-plus-one.ts';
import { dbPoolExhausted } from './detectors/db-pool-exhausted.ts';
import { dbSlowQuery } from './detectors/db-slow-query.ts';
import { errorSpike } from './detectors/error-spike.ts';
import { eventLoopBlocked } from './detectors/event-loop-blocked.ts';
import { externalDependencySlow } from './detectors/external-dependency-slow.ts';
import { memoryLeak } from './detectors/memory-leak.ts';
import { regressionAfterDeploy } from './detectors/regression-after-deploy.ts';

export const DETECTORS: readonly Detector[] = [
  apiSerialCalls,
  dbConsecutiveQueries,
  dbLockContention,
  dbMNPlusOne,
  dbMissingIndex,
  dbNPlusOne,
  dbPoolExhausted,
  dbSlowQuery,
  errorSpike,
  eventLoopBlocked,
  externalDependencySlow,
  memoryLeak,
  regressionAfterDeploy,
];
