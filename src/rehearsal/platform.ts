/** The rehearsal's platform: one process that owns everything a rehearsal starts. */
process.exitCode = 1;
