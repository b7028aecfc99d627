import {
  Activity,
  AlarmClock,
  CircleQuestionMark,
  Cpu,
  Languages,
  type LucideIcon,
  MessageSquareText,
  Moon,
  PenLine,
  Search,
  Settings,
  Square,
  SunMoon,
  Sunrise,
} from 'lucide-react';
import type { Conversation } from '../../amplify/core/conversation.ts';
import type { AgentOrders } from '../agent/use-agent-orders.ts';
import type { usePreferences } from '../i18n/preferences.tsx';
import { sections } from '../settings/sections.ts';
import { themes } from '../theme/preference.ts';
import { sidePages } from './pages.ts';

/** Something that can be done or gone to by its name. */
export interface Command {
  key: string;
  name: string;
  /** The group that it stands in, for people. */
  group: string;
  icon: LucideIcon;
  /** What is typed behind a slash for it, at the beginning of a message. */
  slash?: string;
  /** Behind a slash, a word may follow it. */
  takesWord?: boolean;
  /** Has nothing to do at present: not listed among all commands; typed behind a slash, it says so. */
  idle?: boolean;
  run(): void;
}

interface Given {
  preferences: ReturnType<typeof usePreferences>;
  conversations: readonly Conversation[];
  go(path: string): void;
  /** Leads to where messages are searched. */
  search(): void;
  agentLives: boolean;
  orders: AgentOrders;
  /** Leads to the model of the open conversation; null where none is open. */
  chooseModel: (() => void) | null;
  /** Stops what the open conversation waits for; null while that is nothing. */
  stop: (() => void) | null;
  /** Says that there is nothing to stop. */
  tellIdle(): void;
  tellStatus(): void;
  /** Shows all commands. */
  showAll(): void;
}

/** All commands, those of the page first. */
export function commandsOf(given: Given): Command[] {
  const { preferences, conversations, go, agentLives, orders, stop } = given;
  const { t, setTheme, setLanguage, language } = preferences;
  const to = (path: string) => () => go(path);
  const { pages, actions } = t.palette;
  return [
    { key: 'new', slash: 'new', name: t.conversations.new, group: pages, icon: PenLine, run: to('/') },
    {
      key: 'search',
      slash: 'search',
      name: t.search.placeholder,
      group: pages,
      icon: Search,
      run: given.search,
    },
    ...sidePages.map(({ path, name, icon }) => ({
      key: path,
      slash: path.slice(1),
      name: t.pages[name],
      group: pages,
      icon,
      run: to(path),
    })),
    {
      key: 'settings',
      slash: 'settings',
      name: t.settings.title,
      group: pages,
      icon: Settings,
      run: to('/settings'),
    },
    ...sections.map(({ id, icon }) => ({
      key: `settings.${id}`,
      name: `${t.settings.title}: ${t.settings.sections[id]}`,
      group: pages,
      icon,
      run: to(`/settings/${id}`),
    })),
    {
      key: 'model',
      slash: 'model',
      takesWord: true,
      idle: given.chooseModel === null,
      name: t.ownModel.title,
      group: actions,
      icon: Cpu,
      run: given.chooseModel ?? to('/settings/model'),
    },
    {
      key: 'stop',
      slash: 'stop',
      idle: stop === null,
      name: t.palette.stop,
      group: actions,
      icon: Square,
      run: stop ?? given.tellIdle,
    },
    {
      key: 'wake',
      slash: 'wake',
      idle: agentLives,
      name: t.agent.wakeNow,
      group: actions,
      icon: Sunrise,
      run: orders.wake,
    },
    {
      key: 'keep-awake',
      slash: 'keep-awake',
      idle: !agentLives,
      name: t.agent.keepHours(1),
      group: actions,
      icon: AlarmClock,
      run: () => orders.keepAwake(1),
    },
    {
      key: 'sleep',
      slash: 'sleep',
      idle: !agentLives,
      name: t.agent.sleepNow,
      group: actions,
      icon: Moon,
      run: orders.sleep,
    },
    {
      key: 'status',
      slash: 'status',
      name: t.palette.status,
      group: actions,
      icon: Activity,
      run: given.tellStatus,
    },
    {
      key: 'help',
      slash: 'help',
      idle: true,
      name: t.palette.help,
      group: actions,
      icon: CircleQuestionMark,
      run: given.showAll,
    },
    ...themes.map((theme) => ({
      key: `theme.${theme}`,
      name: `${t.settings.theme}: ${t.settings.themes[theme]}`,
      group: actions,
      icon: SunMoon,
      run: () => setTheme(theme),
    })),
    {
      key: 'language',
      name: language === 'ko' ? 'English' : '한국어',
      group: actions,
      icon: Languages,
      run: () => setLanguage(language === 'ko' ? 'en' : 'ko'),
    },
    ...conversations.map(({ id, title }) => ({
      key: id,
      name: title || t.conversations.untitled,
      group: t.conversations.title,
      icon: MessageSquareText,
      run: to(`/c/${id}`),
    })),
  ];
}

/** The commands that can do something and whose names hold every word that was typed, in their order. */
export function matching(commands: readonly Command[], text: string): Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return commands
    .filter(({ idle, name }) => !idle && words.every((word) => name.toLowerCase().includes(word)))
    .slice(0, 30);
}

/** The commands that a word behind a slash may mean: those that are typed so, then those with a word like it in their names. */
export function behindSlash(commands: readonly Command[], word: string): Command[] {
  const begin = word.toLowerCase();
  const all = commands.filter(({ slash }) => slash !== undefined);
  const typed = all.filter(({ slash }) => slash?.startsWith(begin));
  const named = all.filter(({ name }) =>
    name
      .toLowerCase()
      .split(/\s+/)
      .some((part) => part.startsWith(begin)),
  );
  return [...new Set([...typed, ...named])];
}
