/** The revisions as a graph: which lead to which, and in what order they run. Pure. */
import { Failed } from './failed.ts';
import type { Revision } from './revision.ts';

export interface Graph {
  byId: ReadonlyMap<string, Revision>;
  /** Revisions that no other one revises. */
  heads: readonly string[];
}

export function graphOf(revisions: readonly Revision[]): Graph {
  const revised = new Set(revisions.flatMap(({ parents }) => parents));
  return {
    byId: new Map(revisions.map((revision) => [revision.id, revision])),
    heads: revisions.map(({ id }) => id).filter((id) => !revised.has(id)),
  };
}

/** Those ids and all that they build on. */
export function withAncestors(graph: Graph, ids: Iterable<string>): Set<string> {
  const found = new Set<string>();
  const open = [...ids];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...(graph.byId.get(id)?.parents ?? []));
  }
  return found;
}

/** Every id, each after the ones that it builds on; of several possible, the order of the files. */
export function inOrder(graph: Graph): string[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const visit = (id: string): void => {
    if (seen.has(id)) return;
    seen.add(id);
    for (const parent of graph.byId.get(id)?.parents ?? []) visit(parent);
    order.push(id);
  };
  for (const id of graph.byId.keys()) visit(id);
  return order;
}

/** The id that a word names: itself, or the only one that begins with it. @throws Failed `Can't locate revision…` */
export function locate(graph: Graph, word: string): string {
  if (graph.byId.has(word)) return word;
  const starting = word.length >= 4 ? [...graph.byId.keys()].filter((id) => id.startsWith(word)) : [];
  if (starting.length > 1) {
    const names = starting.map((id) => `'${id}'`).join(', ');
    throw new Failed(`Multiple revisions start with '${word}': ${names}`);
  }
  const [found] = starting;
  if (found === undefined) throw new Failed(`Can't locate revision identified by '${word}'`);
  return found;
}

/** What the database says it is at; a revision that is not in the code is an error. */
export function known(graph: Graph, applied: readonly string[]): readonly string[] {
  for (const id of applied) locate(graph, id);
  return applied;
}

/** The revisions that `upgrade TARGET` runs, in order. */
export function upgradePath(graph: Graph, applied: readonly string[], target: string): string[] {
  known(graph, applied);
  const have = withAncestors(graph, applied);
  const missing = (wanted: Iterable<string>): string[] => {
    const set = withAncestors(graph, wanted);
    return inOrder(graph).filter((id) => set.has(id) && !have.has(id));
  };
  const relative = /^(?<from>[^+]*)\+(?<steps>\d+)$/.exec(target)?.groups;
  if (relative) {
    const from = relative['from'] ? [locate(graph, relative['from'])] : applied;
    const below = withAncestors(graph, from);
    const ahead = inOrder(graph).filter((id) => !below.has(id));
    const steps = Number(relative['steps']);
    if (ahead.length < steps) throw new Failed(`Relative revision +${steps} didn't produce ${steps} migrations`);
    return missing(ahead.slice(0, steps));
  }
  if (target === 'heads') return missing(graph.heads);
  if (target === 'head') {
    if (graph.heads.length > 1) {
      throw new Failed(
        "Multiple head revisions are present for given argument 'head'; please specify a specific target revision, '<branchname>@head' to narrow to a specific head, or 'heads' for all heads",
      );
    }
    return missing(graph.heads);
  }
  return target === 'base' ? [] : missing([locate(graph, target)]);
}

export interface Downgrade {
  path: string[];
  warning?: string;
}

/** The revisions that `downgrade TARGET` undoes, in order. */
export function downgradePath(graph: Graph, applied: readonly string[], target: string): Downgrade {
  known(graph, applied);
  const have = withAncestors(graph, applied);
  const backwards = inOrder(graph)
    .toReversed()
    .filter((id) => have.has(id));
  const steps = /^-(\d+)$/.exec(target)?.[1];
  if (steps !== undefined) {
    const [last] = applied;
    const line = last === undefined ? new Set<string>() : withAncestors(graph, [last]);
    const path = backwards.filter((id) => line.has(id)).slice(0, Number(steps));
    if (path.length < Number(steps)) {
      throw new Failed(`Relative revision -${steps} didn't produce ${steps} migrations`);
    }
    return {
      path,
      ...(applied.length > 1
        ? {
            warning: `downgrade -${steps} from multiple heads is ambiguous; this usage will be disallowed in a future release.`,
          }
        : {}),
    };
  }
  if (target === 'base') return { path: backwards };
  if (target === 'head' || target === 'heads') return { path: [] };
  const wanted = locate(graph, target);
  if (!have.has(wanted)) {
    throw new Failed(`Destination ${wanted} is not a valid downgrade target from current head(s)`);
  }
  const above = new Set(backwards.filter((id) => id !== wanted && withAncestors(graph, [id]).has(wanted)));
  return { path: backwards.filter((id) => above.has(id)) };
}

/** Rows of `alembic_version` once `id` was applied to a database that has `applied`. */
export function afterUpgrade(graph: Graph, applied: readonly string[], id: string): string[] {
  const parents = graph.byId.get(id)?.parents ?? [];
  return [...applied.filter((row) => !parents.includes(row)), id];
}

/** Rows of `alembic_version` once `id` was undone. */
export function afterDowngrade(graph: Graph, applied: readonly string[], id: string): string[] {
  const left = applied.filter((row) => row !== id);
  const covered = withAncestors(graph, left);
  return [...left, ...(graph.byId.get(id)?.parents ?? []).filter((parent) => !covered.has(parent))];
}
