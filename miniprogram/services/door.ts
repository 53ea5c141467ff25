/** What is new at my door. */
import { get } from '../core/http';
import type { DoorOut } from '../types/api';

/** Everything the home page shows, in one request. */
export const readDoor = () => get<DoorOut>('/door');
