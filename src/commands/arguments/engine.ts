import type { Declare } from './command.ts';

/** The engine's own process: started by the screens, never by a person. */
export const engine: Declare = (program) => {
  program.command('engine', { hidden: true }).action(async () => {
    const { serveEngine } = await import('../engine.ts');
    // Sockets of screens that linger must not keep an engine that has ended.
    process.exit(await serveEngine());
  });
};
