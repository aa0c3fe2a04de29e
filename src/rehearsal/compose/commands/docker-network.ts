import { DockerError } from '../call.ts';
import type { DockerCommand } from '../docker.ts';
import { flagOf, isSet } from '../flags.ts';
import { renderTemplate } from '../template.ts';
import { columns } from '../text.ts';

/** Only running containers are on a network. */
export const inspect: DockerCommand = {
  flags: [
    { long: 'format', short: 'f', value: true },
    { long: 'verbose', short: 'v' },
  ],
  async run(engine, { words, out }) {
    for (const name of words.args) {
      if (!engine.networks.has(name)) throw new DockerError(`Error response from daemon: network ${name} not found`);
      const members = engine.containers.filter(({ networks, state }) => state === 'running' && networks.includes(name));
      const network = {
        Name: name,
        Driver: 'bridge',
        Scope: 'local',
        Containers: Object.fromEntries(
          members.map(({ id, name: container }) => [id, { Name: container, EndpointID: id }]),
        ),
      };
      const format = flagOf(words, 'format');
      out(format === undefined ? `${JSON.stringify([network], null, 4)}\n` : `${renderTemplate(format, network)}\n`);
    }
    return 0;
  },
};

export const list: DockerCommand = {
  flags: [
    { long: 'quiet', short: 'q' },
    { long: 'format', value: true },
  ],
  async run(engine, { words, out }) {
    const rows = [...engine.networks].map((name) => ({
      ID: name.slice(0, 12),
      Name: name,
      Driver: 'bridge',
      Scope: 'local',
    }));
    const format = flagOf(words, 'format');
    if (isSet(words, 'quiet')) for (const { ID } of rows) out(`${ID}\n`);
    else if (format)
      for (const row of rows) out(`${format === 'json' ? JSON.stringify(row) : renderTemplate(format, row)}\n`);
    else
      out(
        columns(
          ['NETWORK ID', 'NAME', 'DRIVER', 'SCOPE'],
          rows.map((row) => [row.ID, row.Name, row.Driver, row.Scope]),
        ),
      );
    return 0;
  },
};
