import { Checklist } from './Checklist.tsx';
import { Done } from './Done.tsx';
import { Environment } from './Environment.tsx';
import { Guard } from './Guard.tsx';
import { Home } from './Home.tsx';
import { Incident } from './Incident.tsx';
import { Overlay } from './Overlay.tsx';
import { Preflight } from './Preflight.tsx';
import { Rollback } from './Rollback.tsx';
import { route, type Screen } from './route.ts';
import { Secrets } from './Secrets.tsx';
import { Stage } from './Stage.tsx';
import { Starting } from './Starting.tsx';
import { Symptom } from './Symptom.tsx';
import type { Model } from './ui-state.ts';

const SCREENS: Readonly<Record<Screen, (props: { model: Model }) => React.ReactNode>> = {
  home: Home,
  environment: Environment,
  values: Environment,
  starting: Starting,
  preflight: Preflight,
  secrets: Secrets,
  guard: Guard,
  stage: Stage,
  rollback: Rollback,
  symptom: Symptom,
  incident: Incident,
  checklist: Checklist,
  done: Done,
};

/** The screens: draws the model, and does nothing else. */
export function App({ model }: { model: Model }) {
  const { overlay } = model.ui;
  if (overlay) return <Overlay model={model} overlay={overlay} />;
  const Shown = SCREENS[route(model.ui, model.session).screen];
  return <Shown model={model} />;
}
