import { chatScenes } from './states/chat.ts';
import { pageScenes } from './states/pages.ts';
import { type Scene, wordsOf } from './states/scene.ts';
import { scheduleScenes } from './states/schedules.ts';
import { settingsScenes } from './states/settings.ts';
import { sidebarScenes } from './states/sidebar.ts';

/** The states of the app, in one language. */
export function scenesOf(language: 'en' | 'ko'): Scene[] {
  const words = wordsOf(language);
  return [chatScenes, sidebarScenes, settingsScenes, pageScenes, scheduleScenes].flatMap((scenes) =>
    scenes(words),
  );
}
