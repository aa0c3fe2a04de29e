import { alembicAtHead } from './alembic/at-head.ts';
import { alembicDowngrade } from './alembic/downgrade.ts';
import { alembicUpgrade } from './alembic/upgrade.ts';
import { backupCreate } from './backup/create.ts';
import { backupDrop } from './backup/drop.ts';
import { backupList } from './backup/list.ts';
import { backupPrune } from './backup/prune.ts';
import { backupRestore } from './backup/restore.ts';
import { backupState } from './backup/state.ts';
import { backupSwap } from './backup/swap.ts';
import { celeryActive } from './celery/active.ts';
import { celeryReady } from './celery/ready.ts';
import { composeDeploy } from './compose/deploy.ts';
import { composeLimits } from './compose/limits.ts';
import { composeLogs } from './compose/logs.ts';
import { composePrune } from './compose/prune.ts';
import { composeReady } from './compose/ready.ts';
import { composeRebuild } from './compose/rebuild.ts';
import { composeRecreate } from './compose/recreate.ts';
import { composeRestart } from './compose/restart.ts';
import { composeRollback } from './compose/rollback.ts';
import { composeStatus } from './compose/status.ts';
import { costThresholds } from './cost/thresholds.ts';
import { filesDotenv } from './files/dotenv.ts';
import { filesToml } from './files/toml.ts';
import { flyApp } from './fly/app.ts';
import { flyChecks } from './fly/checks.ts';
import { flyConfig } from './fly/config.ts';
import { flyDatabaseUrl } from './fly/database-url.ts';
import { flyDeploy } from './fly/deploy.ts';
import { flyIdle } from './fly/idle.ts';
import { flyMachines } from './fly/list-machines.ts';
import { flyLogs } from './fly/logs.ts';
import { flyPostgres } from './fly/postgres.ts';
import { flyReady } from './fly/ready.ts';
import { flyRegion } from './fly/region.ts';
import { flyRestart } from './fly/restart.ts';
import { flyRollback } from './fly/rollback.ts';
import { flySecrets } from './fly/secrets.ts';
import { flySecretsPresent } from './fly/secrets-present.ts';
import { flyStatus } from './fly/status.ts';
import { flyWake } from './fly/wake.ts';
import { githubDispatch } from './github/dispatch.ts';
import { githubReady } from './github/ready.ts';
import { githubReviewers } from './github/reviewers.ts';
import { githubRun } from './github/run.ts';
import { githubSecrets, githubVariables } from './github/settings.ts';
import { hostCron, hostCronPresent } from './host/cron.ts';
import { hostDisk } from './host/disk.ts';
import { httpBenchmark } from './http/benchmark.ts';
import { httpLocalToday } from './http/local-today.ts';
import { httpPages } from './http/pages.ts';
import { httpRace } from './http/race.ts';
import { http } from './http/request.ts';
import { neonBranch } from './neon/branch.ts';
import { neonConnection } from './neon/connection.ts';
import { neonOperations } from './neon/operations.ts';
import { neonReady } from './neon/ready.ts';
import { neonRestart } from './neon/restart.ts';
import { neonRestore } from './neon/restore.ts';
import { postgresMigrate } from './postgres/migrate.ts';
import { postgresReady } from './postgres/ready.ts';
import { sql } from './postgres/sql.ts';
import { redisReady } from './redis/ready.ts';
import { renderAtHead, renderDowngrade, renderMigrate } from './render/alembic.ts';
import { renderAutoDeploy } from './render/auto-deploy.ts';
import { renderDeploy } from './render/deploy.ts';
import { renderEnv } from './render/env.ts';
import { renderEnvSet } from './render/env-set.ts';
import { renderEvents } from './render/events.ts';
import { renderException } from './render/exception.ts';
import { renderJob } from './render/job.ts';
import { renderLogs } from './render/logs.ts';
import { renderPostgres } from './render/postgres.ts';
import { renderReady } from './render/ready.ts';
import { renderRollback } from './render/rollback.ts';
import { bash, sh } from './script/bash.ts';
import { manual } from './script/manual.ts';
import { python } from './script/python.ts';
import type { AnyTask } from './task.ts';

/** Every task; docs/tasks.md describes each. */
const TASKS: readonly AnyTask[] = [
  flyReady,
  flyRegion,
  flyApp,
  flyPostgres,
  flySecrets,
  flySecretsPresent,
  flyDeploy,
  flyStatus,
  flyRollback,
  flyRestart,
  flyLogs,
  flyMachines,
  flyChecks,
  flyConfig,
  flyDatabaseUrl,
  flyWake,
  flyIdle,
  composeReady,
  composeStatus,
  composeLimits,
  composeLogs,
  composeDeploy,
  composeRebuild,
  composeRestart,
  composeRecreate,
  composeRollback,
  composePrune,
  celeryReady,
  celeryActive,
  redisReady,
  alembicAtHead,
  alembicUpgrade,
  alembicDowngrade,
  http,
  httpBenchmark,
  httpLocalToday,
  httpRace,
  httpPages,
  renderReady,
  renderEnv,
  renderEnvSet,
  renderDeploy,
  renderJob,
  renderMigrate,
  renderAtHead,
  renderDowngrade,
  renderRollback,
  renderAutoDeploy,
  renderLogs,
  renderException,
  renderEvents,
  renderPostgres,
  neonReady,
  neonConnection,
  neonBranch,
  neonRestore,
  neonRestart,
  neonOperations,
  githubReady,
  githubSecrets,
  githubVariables,
  githubReviewers,
  githubDispatch,
  githubRun,
  filesToml,
  filesDotenv,
  costThresholds,
  postgresReady,
  postgresMigrate,
  backupCreate,
  backupList,
  backupPrune,
  backupRestore,
  backupState,
  backupSwap,
  backupDrop,
  hostCron,
  hostCronPresent,
  hostDisk,
  sql,
  bash,
  sh,
  python,
  manual,
];

const BY_NAME = new Map(TASKS.map((task) => [task.name, task]));

/** What can stand in `uses=`, and the languages' own tasks under the language's name. */
export const TASK_NAMES: readonly string[] = [...BY_NAME.keys()];

/** The task of a step's `uses`; undefined for a name that this tejun does not know. */
export function taskFor(uses: string): AnyTask | undefined {
  return BY_NAME.get(uses);
}
