import { DockerError } from '../call.ts';
import type { ComposeCommand } from '../compose.ts';
import { servicesNamed } from '../compose-project.ts';
import { noticeDatabase } from '../container.ts';
import { flagOf, isSet } from '../flags.ts';
import { columns, duration } from '../text.ts';
import { containerRow, statusOf } from './container-row.ts';

/** Only what runs, unless `-a`; exit 0 whatever the health. */
export const ps: ComposeCommand = {
  flags: [
    { long: 'all', short: 'a' },
    { long: 'quiet', short: 'q' },
    { long: 'services' },
    { long: 'format', value: true },
    { long: 'status', value: true },
    { long: 'no-trunc' },
    { long: 'orphans' },
  ],
  async run(engine, { words, out }, file) {
    noticeDatabase(engine);
    const named = servicesNamed(file, words.args).map(({ name }) => name);
    const status = words.flags['status'];
    const shown = engine.containers.filter(
      ({ project, service, state }) =>
        project === file.project &&
        named.includes(service) &&
        (status ? status.includes(state) : isSet(words, 'all') || state === 'running' || state === 'restarting'),
    );
    const format = flagOf(words, 'format');
    if (isSet(words, 'quiet')) for (const { id } of shown) out(`${id}\n`);
    else if (isSet(words, 'services')) for (const { service } of shown) out(`${service}\n`);
    else if (format === 'json')
      for (const one of shown) out(`${JSON.stringify(containerRow(one, isSet(words, 'no-trunc')))}\n`);
    else if (format !== undefined && format !== 'table') {
      throw new DockerError(`this rehearsal does not act out \`docker compose ps --format ${format}\``);
    } else {
      out(
        columns(
          ['NAME', 'IMAGE', 'COMMAND', 'SERVICE', 'CREATED', 'STATUS', 'PORTS'],
          shown.map((one) => [
            one.name,
            one.ref,
            JSON.stringify(one.command.join(' ').slice(0, 20)),
            one.service,
            `${duration(one.createdAt)} ago`,
            statusOf(one),
            '',
          ]),
        ),
      );
    }
    return 0;
  },
};
