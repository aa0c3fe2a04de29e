import { REHEARSAL, type ValueSpec } from '../../src/runbook/types.ts';
import type { DrillCard } from '../desk.ts';
import { type Field, type Model, type Turn, turn, type UiState } from '../ui-state.ts';
import { typeInto } from './field.ts';
import { chosenRunbook, environmentsOf, sectionsOf } from './home.ts';
import { type Moves, moveCursor } from './moves.ts';

type Setup = NonNullable<UiState['setup']>;

/** Drills that fit what is being done; only the rehearsal breaks things on purpose. */
export function drillsOf({ front }: Pick<Model, 'front'>, setup: Setup): readonly DrillCard[] {
  const able = front.runbooks?.find(({ file }) => file === setup.runbook)?.drills;
  return front.drills.filter(({ name, flows }) => flows.includes(setup.flow) && (able?.includes(name) ?? true));
}

/** The values that are asked for: what the environment fixes, the engine takes from nobody. */
export function asksOf(model: Pick<Model, 'ui' | 'front'>, setup = model.ui.setup): readonly ValueSpec[] {
  const card = chosenRunbook(model);
  const fixed = card?.environments.find(({ name }) => name === setup?.environment)?.values ?? {};
  return card?.asks.filter(({ name }) => !Object.hasOwn(fixed, name)) ?? [];
}

/**
 * Fields start with the runbook's default. In an incident nobody knows what was entered when it was deployed: there a value
 * starts as it was in the last run.
 */
export function fieldOf(setup: Setup, spec: ValueSpec, model: Pick<Model, 'ui' | 'front'>): Field {
  const card = chosenRunbook(model);
  const here = setup.flow === 'incident' && card?.lastRun?.environment === setup.environment;
  const last = here ? card?.lastRun?.values[spec.name] : undefined;
  return setup.fields[spec.name] ?? { text: last ?? spec.default ?? spec.choices?.[0] ?? '' };
}

/** Why a value is not accepted, as the name of a message; undefined when it is. */
export function wrongValue(spec: ValueSpec, value: string): 'empty' | 'pattern' | 'choice' | undefined {
  if (value === '') return 'empty';
  if (spec.choices && !spec.choices.includes(value)) return 'choice';
  // A pattern that does not compile was refused with the runbook.
  if (spec.pattern !== undefined && !new RegExp(`^(?:${spec.pattern})$`, 'u').test(value)) return 'pattern';
  return undefined;
}

function begin(model: Model, setup: Setup): Turn {
  const { ui } = model;
  const asks = asksOf(model, setup);
  const known = asks.every((spec) => wrongValue(spec, fieldOf(setup, spec, model).text) === undefined);
  // An incident does not ask what is known already.
  if (asks.length > 0 && setup.part !== 'values' && !(setup.flow === 'incident' && known)) {
    return turn({ ...ui, setup: { ...setup, part: 'values', field: 0 } });
  }
  const fields = Object.fromEntries(asks.map((spec) => [spec.name, fieldOf(setup, spec, model)]));
  const wrong = asks.findIndex((spec) => wrongValue(spec, fields[spec.name]?.text ?? '') !== undefined);
  const spec = asks[wrong];
  if (spec) {
    const text = fields[spec.name]?.text ?? '';
    const marked = { ...fields, [spec.name]: { text, wrong: wrongValue(spec, text) ?? '' } };
    return turn({ ...ui, setup: { ...setup, field: wrong, fields: marked } });
  }
  const { runbook, flow, section, environment = REHEARSAL, drill } = setup;
  const values = Object.fromEntries(Object.entries(fields).map(([name, { text }]) => [name, text]));
  return turn(
    { ...ui, setup, starting: { news: [] }, asksSymptom: setup.flow === 'incident' },
    {
      kind: 'start',
      choice: {
        ...{ runbook, environment, flow, values },
        ...(section === undefined ? {} : { section }),
        ...(drill === undefined ? {} : { drill }),
      },
    },
  );
}

/** Back to the question before; from the first one to the home screen. */
function back(model: Model, setup: Setup): Turn {
  const { setup: _, ...ui } = model.ui;
  const sections = sectionsOf(chosenRunbook(model) ?? { sections: [] }, setup.flow);
  if (setup.part === 'section' || (setup.part === 'environment' && sections.length === 0)) return turn(ui);
  if (setup.part === 'environment') {
    const cursor = Math.max(0, sections.indexOf(setup.section ?? ''));
    return turn({ ...model.ui, setup: { ...setup, part: 'section', cursor } });
  }
  const drills = setup.environment === REHEARSAL && drillsOf(model, setup).length > 0;
  const part = setup.part === 'values' && drills ? 'drill' : 'environment';
  return turn({ ...ui, setup: { ...setup, part, cursor: 0 } });
}

export const environment: Moves = {
  keys: () => ['up', 'down', 'choose', 'back', 'help', 'askQuit'],
  act(model, action) {
    const { ui } = model;
    const { setup } = ui;
    const card = chosenRunbook(model);
    if (!setup || !card) return undefined;
    const drills = drillsOf(model, setup);
    const environments = environmentsOf(card);
    const sections = sectionsOf(card, setup.flow);
    switch (action) {
      case 'up':
      case 'down': {
        const counts = {
          section: sections.length,
          drill: drills.length + 1,
          environment: environments.length,
          values: 0,
        };
        const count = counts[setup.part];
        return turn({ ...ui, setup: { ...setup, cursor: moveCursor(setup.cursor, action, count) } });
      }
      case 'choose': {
        if (setup.part === 'section') {
          const section = sections[setup.cursor];
          return section === undefined
            ? undefined
            : turn({ ...ui, setup: { ...setup, section, part: 'environment', cursor: 0 } });
        }
        if (setup.part === 'drill') {
          const { drill: _, ...rest } = setup;
          const drill = drills[setup.cursor - 1]?.name;
          return begin(model, drill === undefined ? rest : { ...rest, drill });
        }
        const chosen = environments[setup.cursor];
        if (!chosen || chosen.guard === 'sealed') return undefined;
        const { drill: _, ...rest } = setup;
        const fields = setup.environment === chosen.name ? setup.fields : {};
        const next = { ...rest, environment: chosen.name, fields };
        if (chosen.name === REHEARSAL && drills.length > 0) {
          return turn({ ...ui, setup: { ...next, part: 'drill', cursor: 0 } });
        }
        return begin(model, next);
      }
      case 'back':
        return back(model, setup);
      default:
        return undefined;
    }
  },
};

export const values: Moves = {
  keys(model) {
    const asks = asksOf(model);
    const field = model.ui.setup?.field ?? 0;
    const spec = asks[field];
    return [
      field < asks.length - 1 ? 'nextField' : 'start',
      ...(spec?.choices ? (['previousChoice', 'nextChoice'] as const) : (['clear'] as const)),
      'previousField',
      'back',
      'askQuit',
    ];
  },
  act(model, action) {
    const { ui } = model;
    const { setup } = ui;
    const asks = asksOf(model);
    const spec = asks[setup?.field ?? 0];
    if (!setup || !spec) return undefined;
    const field = fieldOf(setup, spec, model);
    const put = (next: Field) => turn({ ...ui, setup: { ...setup, fields: { ...setup.fields, [spec.name]: next } } });
    switch (action) {
      case 'nextField': {
        const wrong = wrongValue(spec, field.text);
        if (wrong) return put({ text: field.text, wrong });
        return turn({ ...ui, setup: { ...setup, field: setup.field + 1 } });
      }
      case 'previousField':
        return turn({ ...ui, setup: { ...setup, field: Math.max(0, setup.field - 1) } });
      case 'previousChoice':
      case 'nextChoice': {
        const choices = spec.choices ?? [];
        const at = choices.indexOf(field.text) + (action === 'nextChoice' ? 1 : -1);
        return put({ text: choices[(at + choices.length) % choices.length] ?? field.text });
      }
      case 'clear':
        return put({ text: '' });
      case 'start':
        return begin(model, setup);
      case 'back':
        return back(model, setup);
      default:
        return undefined;
    }
  },
  type(model, typed) {
    const { setup } = model.ui;
    const spec = asksOf(model)[setup?.field ?? 0];
    if (!setup || !spec || spec.choices) return undefined;
    const fields = { ...setup.fields, [spec.name]: typeInto(fieldOf(setup, spec, model), typed) };
    return turn({ ...model.ui, setup: { ...setup, fields } });
  },
};
