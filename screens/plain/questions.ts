import type { Place } from '../key-table.ts';
import { placeOf } from '../route.ts';
import type { Model } from '../ui-state.ts';
import type { Question } from './ask.ts';
import { environment, home, starting, values } from './before-a-run.ts';
import { checklist, done, guard, preflight, rollback, secrets, stage } from './in-a-run.ts';
import { incident, symptom, timeline } from './in-an-incident.ts';
import { destroy, details, edit, help, output, problem, quit, sure, takeOver, write } from './over-it.ts';

/** Every place of the screens has its question: a place without one does not compile. */
const QUESTIONS: Readonly<Record<Place, (model: Model) => Question>> = {
  home,
  environment,
  values,
  starting,
  preflight,
  secrets,
  guard,
  stage,
  rollback,
  symptom,
  incident,
  checklist,
  done,
  help,
  quit,
  problem,
  output,
  details,
  timeline,
  write,
  edit,
  sure,
  destroy,
  takeOver,
};

/** What is said and asked where the operator is. Pure. */
export function questionFor(model: Model): Question {
  return QUESTIONS[placeOf(model)](model);
}
