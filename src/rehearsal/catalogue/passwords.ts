import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';

/** Cheap on purpose: a rehearsal's passwords are chance, and its machine is shared. */
const COST = { N: 1024, r: 8, p: 1 };

export function hashPassword(password: string): string {
  const salt = randomBytes(12).toString('hex');
  return `${salt}$${scryptSync(password, salt, 32, COST).toString('hex')}`;
}

export function isPassword(password: string, stored: string): boolean {
  const [salt = '', hash = ''] = stored.split('$');
  const found = scryptSync(password, salt, 32, COST);
  const wanted = Buffer.from(hash, 'hex');
  return wanted.length === found.length && timingSafeEqual(wanted, found);
}
