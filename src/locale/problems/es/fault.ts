import type { SecretFault } from '../../../problem-codes.ts';

/** What is wrong with a secret that was not taken. */
export const fault: Readonly<Record<SecretFault, string>> = {
  base64: 'No es base64.',
  'base64-length': 'Como base64 no tiene la longitud pedida.',
  'common-word': 'Es una palabra común, de las primeras que se prueban.',
  'control-characters': 'Tiene caracteres de control, quizá por haberlo pegado.',
  empty: 'Está vacío.',
  entropy: 'Se puede adivinar.',
  hex: 'No es hexadecimal de la longitud pedida.',
  'not-text': 'No es texto UTF-8: hay que darlo en base64.',
  pattern: 'No tiene la forma que pide la guía.',
  placeholder: 'Parece un valor de ejemplo.',
  'query-forbidden': 'La consulta de la URL tiene un parámetro que no debe estar.',
  'query-required': 'A la consulta de la URL le falta un parámetro.',
  'same-elsewhere': 'Es el mismo que en otro entorno.',
  'too-short': 'Es demasiado corto.',
  unmaskable: 'Tiene menos de 4 caracteres y no se puede ocultar en la salida.',
  url: 'No es una URL (scheme://…).',
  'url-password': 'No se puede leer como URL: / @ : ? # % en la contraseña van codificados con %.',
  'url-scheme': 'El esquema de la URL no es el pedido.',
};
