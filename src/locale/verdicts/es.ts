import type { VerdictMessages } from './types.ts';

export const es: VerdictMessages = {
  heading: (name) => `Qué significa ${name}`,
  labels: { means: 'Significa', proves: 'Prueba', provesNot: 'No prueba', next: 'Qué hacer' },
  verdicts: {
    sealed: {
      means: 'La ejecución terminó y se firmó, y desde entonces no ha cambiado ni un byte de su diario.',
      proves:
        'Que quien tenía la clave durante la ejecución hizo firmar exactamente estos registros, y que no falta ninguno al final.',
      provesNot:
        'Que lo que dicen sea verdad: tejun anotó lo que vio en ese equipo. Tampoco que el dueño de la clave no lo haya reescrito después; eso lo muestra el recibo.',
      next: ['compararlo con el recibo pegado en el tique: --receipt', 'guardarlo junto con el recibo'],
    },
    rehearsal: {
      means: 'El diario está completo y firmado, pero es de un ensayo en la máquina del operador.',
      proves: 'Que alguien practicó este procedimiento, y cómo le fue.',
      provesNot: 'Que se haya hecho algo en un entorno real. Nunca puede pasar por una ejecución real.',
      next: ['pedir el diario de la ejecución real', 'si lo que espera es un ensayo: --rehearsal'],
    },
    unsealed: {
      means: 'Todo lo que hay está firmado, pero falta el sello: la ejecución sigue, se detuvo o le cortaron el final.',
      proves: 'Que los registros que hay están como se firmaron.',
      provesNot: 'Que estén todos: pueden faltar los siguientes, también los malos.',
      next: [
        'preguntar al operador si la ejecución sigue abierta; tejun resume la continúa',
        'compararlo con el recibo, si se imprimió alguno: --receipt',
      ],
    },
    'unsigned-tail': {
      means: 'A partir de un registro no ha firmado nadie.',
      proves: 'Que los registros anteriores, si los hay, están como se firmaron.',
      provesNot: 'Nada sobre los siguientes: los pudo escribir cualquiera que pudiera escribir en el archivo.',
      next: [
        'preguntar al operador; el último registro «signer» dice por qué nadie firmó',
        'tejun seal RUN, en el equipo de la ejecución, lo firma ahora: no prueba nada del tiempo anterior',
      ],
    },
    torn: {
      means: 'La última línea está incompleta, como la deja una caída, un corte de luz o un disco lleno.',
      proves: 'Los registros completos anteriores, hasta donde estén firmados.',
      provesNot: 'Qué fue lo último que pasó: un paso pudo surtir efecto sin que se anotara su resultado.',
      next: [
        'mirar el destino del último paso antes de repetir nada',
        'tejun resume, en el equipo de la ejecución, aparta la línea incompleta y continúa',
      ],
    },
    'chain-broken': {
      means: 'Un registro no sigue al anterior: el archivo se dañó o se cambió después.',
      proves: 'Que este no es el archivo que escribió tejun.',
      provesNot: 'Quién lo cambió ni que fuera a propósito: un disco defectuoso o un editor hacen lo mismo.',
      next: [
        'guardar el archivo como está, sin repararlo',
        'buscar otra copia: en el equipo de la ejecución, en el almacén del equipo, en una copia de seguridad',
        'si ninguna copia pasa la verificación, tratarlo como manipulado',
      ],
    },
    'bad-signature': {
      means: 'Una firma no encaja: no son los bytes que se firmaron, o no es la clave que aquí puede firmar.',
      proves: 'Que este no es el diario como lo firmó su operador.',
      provesNot: 'Quién lo cambió ni en qué registro: todo lo anterior a esa firma queda en duda.',
      next: [
        'guardar el archivo como está',
        'buscar otra copia y preguntar al operador',
        'si ninguna copia pasa la verificación, tratarlo como manipulado',
      ],
    },
    'unknown-signer': {
      means: 'Las firmas son buenas, pero su lista de claves no conoce la clave, o está revocada.',
      proves: 'Que quien tiene esa clave firmó estos registros y que nadie los ha cambiado desde entonces.',
      provesNot: 'Quién es: cualquiera puede crear una clave y ponerle el nombre de un colega.',
      next: [
        'comparar la huella con el colega, de viva voz o en persona',
        'si es la suya: tejun keys trust NOMBRE CLAVE, y verificar otra vez',
        'si no lo es, o está revocada: tratar el diario como falsificado',
      ],
    },
    'other-run': {
      means: 'Una firma o el recibo es de otra ejecución, no de la de este diario.',
      proves: 'Que no van juntos.',
      provesNot: 'Que alguien lo hiciera a propósito: un archivo o un tique equivocado se ve igual.',
      next: [
        'mirar en el tique el identificador de la ejecución y tomar el diario de esa',
        'si era la firma y no el recibo, tratar el diario como manipulado',
      ],
    },
    'older-than-receipt': {
      means: 'El recibo se imprimió para un diario más largo de esta ejecución, o para otro.',
      proves: 'Que este no es el diario que había cuando se imprimió el recibo.',
      provesNot: 'Quién lo sustituyó: una copia antigua se ve igual que un final cortado.',
      next: [
        'buscar el diario que encaja con el recibo: en el equipo de la ejecución, en el almacén del equipo',
        'si no lo hay, lo que pasó después se perdió o se ocultó',
      ],
    },
  },
  selfDeclared:
    'Tampoco de quién es la clave: no había lista con la que compararla. Indique --allowed-signers o compare la huella.',
  late: 'Tampoco cómo era antes del sello: se escribió y se firmó después.',
};
