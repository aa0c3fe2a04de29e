import { rmSync } from 'node:fs';
import { DockerError } from '../call.ts';
import type { DockerCommand } from '../docker.ts';
import type { Engine } from '../engine.ts';
import { flagOf, isSet } from '../flags.ts';
import type { Image } from '../model.ts';
import { decimalSize } from '../sizes.ts';
import { renderTemplate } from '../template.ts';
import { columns, duration, goTime, shortId } from '../text.ts';

export const list: DockerCommand = {
  flags: [
    { long: 'all', short: 'a' },
    { long: 'quiet', short: 'q' },
    { long: 'no-trunc' },
    { long: 'format', value: true },
    { long: 'filter', value: true },
  ],
  async run(engine, { words, out }) {
    if (flagOf(words, 'filter')) throw new DockerError('this rehearsal does not act out `docker image ls --filter`');
    const full = isSet(words, 'no-trunc');
    const format = flagOf(words, 'format');
    const rows = engine.images.map((image) => imageRow(image, full));
    if (isSet(words, 'quiet')) for (const { ID } of rows) out(`${ID}\n`);
    else if (format === 'json') for (const row of rows) out(`${JSON.stringify(row)}\n`);
    else if (format) for (const row of rows) out(`${renderTemplate(format, row)}\n`);
    else {
      const header = ['REPOSITORY', 'TAG', 'IMAGE ID', 'CREATED', 'SIZE'];
      out(
        columns(
          header,
          rows.map((row) => [row.Repository, row.Tag, row.ID, row.CreatedSince, row.Size]),
        ),
      );
    }
    return 0;
  },
};

function imageRow({ id, ref, bytes, createdAt }: Image, full: boolean) {
  const [repository = '<none>', tag = ref === undefined ? '<none>' : 'latest'] = ref?.split(':') ?? [];
  return {
    Containers: 'N/A',
    CreatedAt: goTime(createdAt),
    CreatedSince: `${duration(createdAt)} ago`,
    Digest: '<none>',
    ID: full ? id : shortId(id),
    Repository: repository,
    SharedSize: 'N/A',
    Size: decimalSize(bytes),
    Tag: tag,
    UniqueSize: 'N/A',
    VirtualSize: decimalSize(bytes),
  };
}

/** Without `-f` it asks, and nobody answers: nothing is removed, and the exit code is 0. */
export const prune: DockerCommand = {
  flags: [
    { long: 'all', short: 'a' },
    { long: 'force', short: 'f' },
    { long: 'filter', value: true },
  ],
  async run(engine, { words, out }) {
    if (!isSet(words, 'force')) {
      out(
        'WARNING! This will remove all images without at least one container associated to them.\nAre you sure you want to continue? [y/N] ',
      );
      return 0;
    }
    const filter = flagOf(words, 'filter');
    const hours = filter === undefined ? 0 : Number(/^until=(\d+(?:\.\d+)?)h$/.exec(filter)?.[1] ?? Number.NaN);
    if (Number.isNaN(hours)) throw new DockerError(`this rehearsal does not act out the filter "${filter}"`);
    const before = Date.now() - hours * 3_600_000;
    const gone = engine.images.filter(
      (image) =>
        !inUse(engine, image) && image.createdAt.getTime() < before && (isSet(words, 'all') || image.ref === undefined),
    );
    if (gone.length > 0) out('Deleted Images:\n');
    for (const image of gone) {
      if (image.ref) out(`untagged: ${image.ref}\n`);
      out(`deleted: ${image.id}\n`);
      rmSync(image.directory, { recursive: true, force: true });
      engine.effects.add('image-removed', { image: image.ref ?? '<none>', id: image.id });
    }
    engine.images = engine.images.filter((image) => !gone.includes(image));
    if (gone.length > 0) out('\n');
    out(`Total reclaimed space: ${decimalSize(gone.reduce((sum, { bytes }) => sum + bytes, 0))}\n`);
    return 0;
  },
};

function inUse(engine: Engine, image: Image): boolean {
  return engine.containers.some((container) => container.image.id === image.id);
}

export const diskUsage: DockerCommand = {
  flags: [
    { long: 'format', value: true },
    { long: 'verbose', short: 'v' },
  ],
  async run(engine, { words, out }) {
    if (isSet(words, 'verbose')) throw new DockerError('this rehearsal does not act out `docker system df -v`');
    const used = engine.images.filter((image) => inUse(engine, image));
    const total = (images: readonly Image[]): number => images.reduce((sum, { bytes }) => sum + bytes, 0);
    const free = total(engine.images) - total(used);
    const running = engine.containers.filter(({ state }) => state === 'running').length;
    const rows = [
      row('Images', engine.images.length, used.length, total(engine.images), free),
      row('Containers', engine.containers.length, running, 0, 0),
      row('Local Volumes', 2, 2, 48_000_000, 0),
      row('Build Cache', 0, 0, 0, 0),
    ];
    const format = flagOf(words, 'format');
    if (format === 'json') for (const one of rows) out(`${JSON.stringify(one)}\n`);
    else if (format) for (const one of rows) out(`${renderTemplate(format, one)}\n`);
    else {
      const header = ['TYPE', 'TOTAL', 'ACTIVE', 'SIZE', 'RECLAIMABLE'];
      out(
        columns(
          header,
          rows.map((one) => [one.Type, one.TotalCount, one.Active, one.Size, one.Reclaimable]),
        ),
      );
    }
    return 0;
  },
};

function row(type: string, count: number, active: number, bytes: number, free: number) {
  const share = bytes > 0 ? ` (${Math.round((free / bytes) * 100)}%)` : '';
  return {
    Active: String(active),
    Reclaimable: `${decimalSize(free)}${share}`,
    Size: decimalSize(bytes),
    TotalCount: String(count),
    Type: type,
  };
}
