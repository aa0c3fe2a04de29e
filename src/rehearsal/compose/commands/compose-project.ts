import { stringify } from 'yaml';
import { DockerError } from '../call.ts';
import type { ComposeCommand } from '../compose.ts';
import { servicesNamed } from '../compose-project.ts';
import { flagOf, isSet } from '../flags.ts';
import { decimalSize } from '../sizes.ts';
import { columns } from '../text.ts';
import { printStats } from './docker-stats.ts';

/** `config --services`, `config -q`, and the file with its variables put in: secrets as well, as the real one. */
export const config: ComposeCommand = {
  flags: [{ long: 'services' }, { long: 'quiet', short: 'q' }, { long: 'format', value: true }, { long: 'images' }],
  async run(_, { words, out }, file) {
    if (isSet(words, 'quiet')) return 0;
    if (isSet(words, 'services')) {
      for (const { name } of servicesNamed(file, words.args)) out(`${name}\n`);
      return 0;
    }
    if (isSet(words, 'images')) {
      for (const { image } of file.services) out(`${image}\n`);
      return 0;
    }
    const whole = {
      name: file.project,
      services: Object.fromEntries(
        file.services.map(({ name, image, environment, command }) => [name, { image, command, environment }]),
      ),
    };
    out(flagOf(words, 'format') === 'json' ? `${JSON.stringify(whole, null, 2)}\n` : stringify(whole));
    return 0;
  },
};

export const images: ComposeCommand = {
  flags: [
    { long: 'quiet', short: 'q' },
    { long: 'format', value: true },
  ],
  async run(engine, { words, out }, file) {
    const own = engine.containers.filter(({ project }) => project === file.project);
    if (isSet(words, 'quiet')) {
      for (const { image } of own) out(`${image.id.replace('sha256:', '').slice(0, 12)}\n`);
      return 0;
    }
    if (flagOf(words, 'format') !== undefined)
      throw new DockerError('this rehearsal does not act out `docker compose images --format`');
    out(
      columns(
        ['CONTAINER', 'REPOSITORY', 'TAG', 'IMAGE ID', 'SIZE'],
        own.map(({ name, ref, image }) => {
          const [repository = '', tag = 'latest'] = ref.split(':');
          return [name, repository, tag, image.id.replace('sha256:', '').slice(0, 12), decimalSize(image.bytes)];
        }),
      ),
    );
    return 0;
  },
};

export const stats: ComposeCommand = {
  flags: [{ long: 'all', short: 'a' }, { long: 'no-stream' }, { long: 'no-trunc' }, { long: 'format', value: true }],
  async run(engine, call, file) {
    const services = servicesNamed(file, call.words.args).map(({ name }) => name);
    const own = engine.containers.filter(
      ({ project, service }) => project === file.project && services.includes(service),
    );
    return printStats(call, own);
  },
};
