import { createHash } from 'node:crypto';
import { cp, readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { installAlembic } from '../alembic/install.ts';
import { FlyError } from './call.ts';
import { type Fleet, ulid } from './fleet.ts';
import type { App, Image } from './model.ts';

/** What an image starts; it stands for a Dockerfile. */
export const ENTRY = 'main.mjs';
/** Where an image has the programs that a Dockerfile would install. */
export const IMAGE_BIN = '.bin';

const LEFT_OUT = new Set(['.git', 'node_modules']);

/** Builds an image of `source`: a copy whose digest is that of its files. Throws flyctl's error when nothing can start. */
export async function buildImage(fleet: Fleet, app: App, source: string, label?: string): Promise<Image> {
  const files = await listFiles(source);
  if (!files.includes(ENTRY)) {
    throw new FlyError(
      'failed to fetch an image or build from source: app does not have a Dockerfile or buildpacks configured. See https://fly.io/docs/reference/configuration/#the-build-section',
    );
  }
  const hash = createHash('sha256');
  let bytes = 0;
  for (const file of files) {
    const content = await readFile(join(source, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
    bytes += content.length;
  }
  const tag = label ?? `deployment-${ulid()}`;
  const directory = join(fleet.images, tag);
  await cp(source, directory, { recursive: true, filter: (path) => !isLeftOut(relative(source, path)) });
  installAlembic(join(directory, IMAGE_BIN));
  const image: Image = {
    ref: `registry.fly.io/${app.name}:${tag}`,
    repository: app.name,
    tag,
    digest: `sha256:${hash.digest('hex')}`,
    directory,
    bytes,
  };
  app.images.push(image);
  fleet.effects.add('image-built', { app: app.name, image: image.ref, digest: image.digest });
  return image;
}

/** The image of a reference with a tag or a digest, of any app here. */
export function findImage(fleet: Fleet, reference: string): Image {
  const [, digest] = reference.split('@');
  for (const app of fleet.apps.values()) {
    const found = app.images.find((image) => image.ref === reference || (digest && image.digest === digest));
    if (found) return found;
  }
  throw new FlyError(`failed to fetch an image or build from source: Could not find image "${reference}"`);
}

async function listFiles(directory: string): Promise<string[]> {
  const found: string[] = [];
  const entries = await readdir(directory, { recursive: true });
  for (const entry of entries) {
    if (!isLeftOut(entry) && (await stat(join(directory, entry))).isFile()) found.push(entry);
  }
  return found.toSorted();
}

function isLeftOut(path: string): boolean {
  return path.split('/').some((part) => LEFT_OUT.has(part));
}
