import { CalendarClock, ChartNoAxesColumn, FolderOpen, type LucideIcon } from 'lucide-react';
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { Texts } from '../i18n/texts.ts';

/** A page that the sidebar leads to, beside the conversations. Its code is fetched when it is opened. */
interface SidePage {
  path: `/${string}`;
  /** Its name in the sidebar and at its head: a text of `pages`. */
  name: keyof Texts['pages'];
  icon: LucideIcon;
  component: LazyExoticComponent<ComponentType>;
}

/** In the order of the sidebar. */
export const sidePages: readonly SidePage[] = [
  {
    path: '/files',
    name: 'files',
    icon: FolderOpen,
    component: lazy(() => import('../files/files-page.tsx').then((m) => ({ default: m.FilesPage }))),
  },
  {
    path: '/schedules',
    name: 'schedules',
    icon: CalendarClock,
    component: lazy(() =>
      import('../schedules/schedules-page.tsx').then((m) => ({ default: m.SchedulesPage })),
    ),
  },
  {
    path: '/usage',
    name: 'usage',
    icon: ChartNoAxesColumn,
    component: lazy(() => import('../usage/usage-page.tsx').then((m) => ({ default: m.UsagePage }))),
  },
];
