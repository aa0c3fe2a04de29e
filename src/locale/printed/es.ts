import type { PrintedMessages } from './types.ts';

const many = (count: number, one: string, several: string) => `${count} ${count === 1 ? one : several}`;

export const es: PrintedMessages = {
  plan: {
    steps: (count, changing) =>
      `${many(count, 'paso', 'pasos')}, ${
        changing === 0 ? 'ninguno cambia nada' : many(changing, 'de ellos cambia algo', 'de ellos cambian algo')
      }`,
    guards: {
      open: 'Antes del primer cambio no se pregunta nada.',
      confirm: 'Antes del primer cambio se pide una confirmación.',
      typed: 'Antes del primer cambio hay que escribir el nombre del entorno.',
      approve: 'Antes del primer cambio tiene que aprobarlo una segunda persona.',
      sealed: 'Sellado.',
    },
    effects: { read: 'lee', write: 'CAMBIA', destroy: 'DESTRUYE' },
    values: 'VALORES',
    secrets: 'SECRETOS',
    others: 'FUERA DE ESTE CAMINO',
    checklist: (lines, proven, attested) =>
      `LISTA DE CONTROL: ${many(lines, 'línea', 'líneas')}, ${many(proven, 'probada', 'probadas')} por pasos${
        attested === 0 ? '' : `, ${many(attested, 'declarada', 'declaradas')} por una persona`
      }`,
    on: (place) => `en ${place}`,
    byAPerson: 'lo hace una persona',
    upTo: (time) => `hasta ${time}`,
    again: (times, apart) => `se repite ${times}×, cada ${apart}`,
    budget: (times) => `a lo sumo ${times}× por ejecución`,
    after: (steps) => `después de ${steps}`,
    sees: (secrets) => `ve ${secrets}`,
    captures: (names) => `captura ${names}`,
    undoneBy: (step) => `lo deshace ${step}`,
    probedBy: (step) => `lo sondea ${step}`,
    notKept: 'la salida no se guarda',
    anyGoodStatus: 'status 200 a 299',
    mayBeLeftOut: '(se puede omitir)',
    yieldedBy: (step) => `no se pregunta: lo da ${step}`,
    nothingWasRun: 'No se ejecutó nada.',
  },
  approve: {
    asks: (operator, host, name, run) =>
      `${operator}, en ${host}, le pide a usted, ${name}, que apruebe la ejecución ${run}.`,
    type: (run) => `Para aprobarla, escriba su id (${run}): `,
    written: (file, command) => `Escrito en ${file}. Quien aprueba ejecuta: ${command}`,
    approved: (run) => `${run} está aprobada.`,
    sendBack: (command) => `Devuélvalo. Quien opera ejecuta: ${command}`,
  },
  runs: {
    none: 'Todavía no hay ejecuciones. Para empezar una: tejun',
    heard: (operator, host, at) => `${operator} en ${host}, última noticia ${at}`,
    states: {
      sealed: 'sellada',
      live: 'en curso',
      stopped: 'detenida',
      elsewhere: 'en otro equipo',
      unreadable: 'ilegible',
    },
  },
  show: {
    since: (operator, host, at) => `${operator}${host === undefined ? '' : ` en ${host}`} · desde ${at}`,
    heard: (at) => `según el almacén del equipo, última noticia ${at}`,
    attempt: (number) => `intento ${number}`,
    edited: 'su orden se editó antes de ejecutarse:',
  },
};
