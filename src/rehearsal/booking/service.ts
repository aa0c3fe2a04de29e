/** The rehearsal's sample booking service. */
process.exitCode = 1;
