import { newId } from './ids.ts';
import type { Service } from './model.ts';

export function addEvent(service: Service, type: string, details: Record<string, string>): void {
  service.events.unshift({ id: newId('evt'), type, timestamp: new Date().toISOString(), details });
}
