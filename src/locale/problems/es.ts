import type { ProblemTexts } from './told.ts';

export const es: ProblemTexts = {
  'approval-refused': { what: 'La aprobación no se aceptó. No se ejecutó nada.' },
  'budget-spent': {
    what: 'Este paso ya usó todas las veces que la guía le permite en una ejecución.',
    next: ['saltarlo con un motivo (s)', 'hacerlo a mano y decirlo (h)'],
  },
  busy: { what: 'Hay un paso en ejecución.', next: ['esperar a que termine', 'pararlo con Ctrl-C'] },
  'engine-failed': { what: 'El motor terminó antes de estar listo. No se ejecutó nada.' },
  'environment-sealed': { what: 'Este entorno está sellado: no se puede entrar.' },
  'expected-text-missing': { what: 'En la salida falta el texto que debía estar.' },
  'guard-refused': { what: 'El entorno no se confirmó. No se ejecutó nada.' },
  'guard-unsatisfied': {
    what: 'Antes de cambiar algo hay que confirmar el entorno. No se ejecutó nada.',
    next: ['confirmarlo en la pantalla que lo pregunta'],
  },
  'journal-dead': { what: 'No se puede escribir el diario. No empieza ningún otro paso.' },
  'journal-low': {
    what: 'El disco está lleno. El último resultado se guardó; no empieza ningún otro paso.',
    next: ['hacer lugar, salir de tejun y reanudar la ejecución'],
  },
  'journal-not-writable': { what: 'No se puede escribir el diario. No se inició nada.' },
  'lock-away': {
    what: 'La ejecución sigue sin su bloqueo frente a otros equipos. Se vuelve a intentar antes de cada cambio.',
    next: ['diga a sus colegas qué va a cambiar'],
  },
  'lock-held': { what: 'Otra persona está usando este entorno. No se inició nada.' },
  'lock-lost': { what: 'Se perdió el bloqueo de este entorno. No empieza ningún otro cambio.' },
  'needs-unmet': { what: 'Antes hay que terminar otro paso. No se ejecutó nada.' },
  'not-typed': { what: 'No se escribió el nombre de lo que se destruye. No se ejecutó nada.' },
  'outcome-unknown': {
    what: 'El motor terminó mientras este paso se ejecutaba. No se sabe si tuvo efecto.',
    next: ['mirar qué hizo; si está hecho: h', 'si es seguro, ejecutarlo otra vez: r', 'saltarlo con un motivo: s'],
  },
  'run-over': { what: 'Esta ejecución ya terminó.' },
  'run-sealed': { what: 'Esta ejecución está sellada: no se le puede agregar nada.' },
  'runbook-changed': { what: 'La guía cambió después de empezar la ejecución. No se reanudó.' },
  'secret-empty': { what: 'No se ingresó nada.', next: ['ingresarlo, o volver con Esc'] },
  'secret-missing': { what: 'Falta ingresar un secreto que este paso necesita.' },
  'secret-rejected': { what: 'Ese secreto no se aceptó.', next: ['ingresarlo otra vez'] },
  'step-running': { what: 'Este paso ya se está ejecutando.', next: ['esperar a que termine', 'pararlo con Ctrl-C'] },
  'step-stopped': {
    what: 'Lo paró el operador.',
    next: ['leer la salida (l)', 'mirar hasta dónde llegó y después ejecutarlo otra vez (r)'],
  },
  'step-timeout': {
    what: 'No terminó dentro del tiempo permitido y se lo cortó.',
    next: ['leer la salida (l)', 'mirar hasta dónde llegó y después ejecutarlo otra vez (r)'],
  },
  'step-unresponsive': { what: 'Se le pidió terminar y no terminó. No se sabe qué está haciendo.' },
  'store-away': {
    what: 'El almacén del equipo no responde. Las ejecuciones de otros equipos no se pueden leer ahora.',
  },
  'watch-away': {
    what: 'El almacén del equipo no responde. Lo que se ve está parado, y sigue solo cuando vuelva a responder.',
  },
};
