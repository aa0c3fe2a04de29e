/**
 * The warden of an engine: a process that waits until the engine is gone. One that was killed leaves the commands of its
 * running steps to nobody; they are ended here, at once, whether or not the run is ever resumed.
 *
 * It is started with the run's id and the path of its journal. Its standard input closes with the engine; a word before
 * that says that the engine ended in good order.
 */
import { text } from 'node:stream/consumers';
import { readJournal } from '../journal/recover.ts';
import { endOrphans } from './orphans.ts';
import { foldAll } from './state.ts';

const [run = '', journal = ''] = process.argv.slice(2);
const word = await text(process.stdin);
if (word === '') await endOrphans(run, foldAll(readJournal(journal)));
