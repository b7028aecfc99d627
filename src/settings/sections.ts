import {
  Bell,
  CircleDollarSign,
  Cpu,
  DatabaseBackup,
  History,
  KeyRound,
  type LucideIcon,
  Send,
  SlidersHorizontal,
} from 'lucide-react';
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { Texts } from '../i18n/texts.ts';

/**
 * A section of the settings. To add one: a component that takes no props (it reads what it needs from
 * `useSavedSettings` or `useWorkspace().api`), its name under `settings.sections` in both languages, a line below.
 */
interface Section {
  /** The end of its address, `/settings/<id>`, and the name of its text. */
  id: keyof Texts['settings']['sections'];
  icon: LucideIcon;
  component: LazyExoticComponent<ComponentType>;
}

/** In the order of the page: general, model, spending, memory, telegram, data. */
export const sections: readonly Section[] = [
  {
    id: 'general',
    icon: SlidersHorizontal,
    component: lazy(() => import('./general-section.tsx').then((m) => ({ default: m.GeneralSection }))),
  },
  {
    id: 'model',
    icon: Cpu,
    component: lazy(() => import('./model-section.tsx').then((m) => ({ default: m.ModelSection }))),
  },
  {
    id: 'spending',
    icon: CircleDollarSign,
    component: lazy(() => import('./spending-section.tsx').then((m) => ({ default: m.SpendingSection }))),
  },
  {
    id: 'memory',
    icon: History,
    component: lazy(() => import('./memory-section.tsx').then((m) => ({ default: m.MemorySection }))),
  },
  {
    id: 'notifications',
    icon: Bell,
    component: lazy(() =>
      import('./notifications-section.tsx').then((m) => ({ default: m.NotificationsSection })),
    ),
  },
  {
    id: 'security',
    icon: KeyRound,
    component: lazy(() => import('./security-section.tsx').then((m) => ({ default: m.SecuritySection }))),
  },
  {
    id: 'telegram',
    icon: Send,
    component: lazy(() => import('./telegram-section.tsx').then((m) => ({ default: m.TelegramSection }))),
  },
  {
    id: 'data',
    icon: DatabaseBackup,
    component: lazy(() => import('./data-section.tsx').then((m) => ({ default: m.DataSection }))),
  },
];
