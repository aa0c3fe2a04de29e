#!/usr/bin/env node
/** The rehearsal's stand-in for flyctl. */
process.exitCode = 1;
