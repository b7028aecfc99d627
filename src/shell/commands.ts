import { Languages, type LucideIcon, MessageSquareText, Moon, PenLine, Search, SunMoon } from 'lucide-react';
import type { Conversation } from '../../amplify/core/conversation.ts';
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
  run(): void;
}

interface Given {
  preferences: ReturnType<typeof usePreferences>;
  conversations: readonly Conversation[];
  go(path: string): void;
  /** Leads to where messages are searched. */
  search(): void;
  /** Tells the agent to sleep; null while it does. */
  sleep: (() => void) | null;
}

/** All commands, those of the page first. */
export function commandsOf({ preferences, conversations, go, search, sleep }: Given): Command[] {
  const { t, setTheme, setLanguage, language } = preferences;
  const to = (path: string) => () => go(path);
  const pages = t.palette.pages;
  return [
    { key: 'new', name: t.conversations.new, group: pages, icon: PenLine, run: to('/') },
    { key: 'search', name: t.search.placeholder, group: pages, icon: Search, run: search },
    ...sidePages.map(({ path, name, icon }) => ({
      key: path,
      name: t.pages[name],
      group: pages,
      icon,
      run: to(path),
    })),
    ...sections.map(({ id, icon }) => ({
      key: `settings.${id}`,
      name: `${t.settings.title}: ${t.settings.sections[id]}`,
      group: pages,
      icon,
      run: to(`/settings/${id}`),
    })),
    ...(sleep
      ? [{ key: 'sleep', name: t.agent.sleepNow, group: t.palette.actions, icon: Moon, run: sleep }]
      : []),
    ...themes.map((theme) => ({
      key: `theme.${theme}`,
      name: `${t.settings.theme}: ${t.settings.themes[theme]}`,
      group: t.palette.actions,
      icon: SunMoon,
      run: () => setTheme(theme),
    })),
    {
      key: 'language',
      name: language === 'ko' ? 'English' : '한국어',
      group: t.palette.actions,
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

/** The commands whose names hold every word that was typed, in their order. */
export function matching(commands: readonly Command[], text: string): Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word))).slice(0, 30);
}
