import { use } from 'react';
import { flushSync } from 'react-dom';
import { useLocation } from 'wouter';
import { agentStatus } from '../agent/agent-status.ts';
import { useAgentOrders } from '../agent/use-agent-orders.ts';
import { runningTurn } from '../chat/transcript.ts';
import { statusOf } from '../chat/turn.ts';
import { useStop } from '../chat/use-stop.ts';
import { orderedConversations } from '../conversations/conversations.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { type Command, commandsOf } from './commands.ts';
import { DrawerContext } from './drawer-context.ts';
import { useNotify } from './notices.tsx';
import { useChat, useWorkspace } from './workspace-context.tsx';

/** All commands as they stand at this moment, on the page that is open. */
export function useCommands(): Command[] {
  const preferences = usePreferences();
  const { language, t } = preferences;
  const { clock, palette } = useWorkspace();
  const [location, go] = useLocation();
  const open = /^\/c\/([^/]+)/.exec(location)?.[1];
  const conversations = useChat((state) => state.conversations);
  const agent = useChat((state) => (state.agentRead ? state.agent : undefined));
  const transcript = useChat((state) => (open === undefined ? undefined : state.transcripts.get(open)));
  const running = runningTurn(transcript);
  const orders = useAgentOrders();
  const stop = useStop();
  const notify = useNotify();

  const openDrawer = use(DrawerContext);
  const search = () => {
    // A closed drawer takes no focus.
    if (openDrawer) flushSync(openDrawer);
    document.getElementById('search')?.focus();
  };
  const status = () => {
    const busy = running !== null && statusOf(running) === 'working';
    const { text, detail } = agentStatus({ agent, busy, now: clock.now(), language, t });
    notify('info', t.agent.status(detail ? `${text}, ${detail}` : text));
  };
  return commandsOf({
    preferences,
    conversations: orderedConversations(conversations),
    go,
    search,
    agentLives: agent?.state === 'awake',
    orders,
    chooseModel:
      location === '/' || open !== undefined
        ? () => document.getElementById('conversation-model')?.click()
        : null,
    stop: running && (() => stop(running.row)),
    tellIdle: () => notify('info', t.palette.nothingRuns),
    tellStatus: status,
    showAll: () => palette.set(() => true),
  });
}
