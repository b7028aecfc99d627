import type { FaultTexts } from '../text.ts';

export const en: FaultTexts = {
  'message.empty': { happened: 'The message is empty.', next: 'Write something and send it again.' },
  'message.too_long': {
    happened: 'The message is longer than 32,000 characters.',
    next: 'Shorten it or send it in several parts.',
  },
  'message.id_invalid': {
    happened: 'The message could not be identified.',
    next: 'Reload the page and send it again.',
  },
  'message.id_taken': {
    happened: 'Another message was already sent under the same id.',
    next: 'Send this one again as a new message.',
  },
  'message.clock_off': {
    happened: "This device's clock is too far from the real time.",
    next: 'Set the date and time automatically on your device, then send the message again.',
  },
  'message.not_found': {
    happened: 'This message does not exist any more.',
    next: 'Reload the page to see what is there.',
  },
  'message.not_retryable': {
    happened: 'This message is answered, or the agent is still working on it.',
    next: 'Wait for the answer, or stop the agent first.',
  },
  'message.queue_full': {
    happened: 'Fifty messages are already waiting for your agent.',
    next: 'Wait until it has answered some of them, then send this one again.',
  },
  'attachment.too_many': {
    happened: 'More than ten files are attached.',
    next: 'Take some away, or send them with a second message.',
  },
  'attachment.too_large': {
    happened: 'A file is larger than 25 MB.',
    next: 'Attach a smaller one.',
  },
  'attachment.missing': {
    happened: 'An attached file is not there any more.',
    next: 'Attach it again, then send the message.',
  },
  'attachment.invalid': {
    happened: 'An attached file could not be identified.',
    next: 'Take it away and attach it again.',
  },
  'attachment.not_received': {
    happened: 'A file could not be fetched from the app by which you sent it.',
    next: 'Try again. If that does not help, send the file here in the web app.',
  },
  'file.not_found': {
    happened: 'This file does not exist any more.',
    next: 'Reload the page to see what is there.',
  },
  'message.rate_limited': {
    happened: 'You have sent more messages than this deployment allows at a time.',
    next: 'Your text is kept here. Send it again later.',
  },
  'conversation.not_found': {
    happened: 'This conversation does not exist any more.',
    next: 'Start a new conversation and send the message there.',
  },
  'conversation.title_invalid': {
    happened: 'The title is empty or longer than 120 characters.',
    next: 'Choose a shorter title.',
  },
  'conversation.id_invalid': {
    happened: 'The conversation could not be identified.',
    next: 'Reload the page and try again.',
  },
  'search.text_invalid': {
    happened: 'The text to search for is empty or longer than 200 characters.',
    next: 'Search for one or a few words.',
  },
  'settings.invalid': {
    happened: 'These settings cannot be used.',
    next: 'Check the marked values and save again.',
  },
  'settings.changed': {
    happened: 'These settings were changed elsewhere and have been read again.',
    next: 'Check them and save once more.',
  },
  'schedule.invalid': {
    happened: 'This schedule is not understood.',
    next: 'Reload the page and try again.',
  },
  'schedule.past': {
    happened: 'That time has already passed.',
    next: 'Choose a time in the future.',
  },
  'schedule.cron_invalid': {
    happened: 'This cron expression can’t be used.',
    next: 'Write five fields (minute, hour, day, month, weekday) that name a time that comes, e.g. 0 8 * * 1-5.',
  },
  'schedule.zone_invalid': {
    happened: 'This time zone is not known.',
    next: 'Choose another one, e.g. Asia/Seoul.',
  },
  'schedule.too_often': {
    happened: 'This comes round too often.',
    next: 'Leave at least 15 minutes between two times.',
  },
  'schedule.too_many': {
    happened: 'You have as many schedules as there can be.',
    next: 'Delete one that you don’t need any more.',
  },
  'schedule.busy': {
    happened: 'The schedule was being changed at the same moment.',
    next: 'Try again.',
  },
  'schedule.missed': {
    happened: 'It could not be sent at its time.',
    next: 'It is sent at its next time. You can also send it now.',
  },
  'approval.not_found': {
    happened: 'This command is no longer waiting for your approval.',
    next: 'See the conversation for what became of it.',
  },
  'channel.not_set_up': {
    happened: 'This service is not connected there.',
    next: 'Ask its operator to set that up.',
  },
  'push.not_set_up': {
    happened: 'This service does not notify closed pages.',
    next: 'Ask its operator to set it up (npm run setup).',
  },
  'push.not_a_subscription': {
    happened: 'What the browser gave is no address that can be notified.',
    next: 'Switch it off and on again, or use another browser.',
  },
  'task.no_capacity': {
    happened: 'AWS has no free computer for your agent right now.',
    next: 'Try again in a few minutes, or allow On-Demand capacity in the settings.',
  },
  'task.start_failed': {
    happened: "Your agent's computer could not be started.",
    next: 'Try again. If it keeps failing, ask whoever runs this deployment to look at the logs.',
  },
  'task.rate_limited': {
    happened: 'Your agent has been woken as often as this deployment allows in a day.',
    next: 'Try again tomorrow, or ask whoever runs this deployment for more.',
  },
  'task.lost': {
    happened: "Your agent's computer was lost several times while it worked on this.",
    next: 'Try again. Your conversations and files are safe.',
  },
  'agent.start_failed': {
    happened: 'The computer started, but the agent on it did not.',
    next: 'Try again. If it keeps failing, ask whoever runs this deployment to look at the logs.',
  },
  'agent.disk_full': {
    happened: "The disk of your agent's computer is full.",
    next: 'Let your agent sleep and try again: it wakes up with what was saved last, before the disk was full.',
  },
  'agent.stuck': {
    happened: 'Your agent gave no sign of life for half an hour while it worked on this.',
    next: 'Try again. If it keeps happening, ask for it in smaller steps.',
  },
  'agent.background_ended': {
    happened: 'Your agent went to sleep while something still ran in the background.',
    next: 'What ran has ended, and its files are saved. Ask your agent to start it again, and keep it awake for as long as it is to run.',
  },
  'agent.stopping': {
    happened: 'Your agent is just going to sleep.',
    next: 'Nothing to do: it wakes up again for your message.',
  },
  'agent.asleep': {
    happened: 'Your agent is asleep, so it cannot be kept awake.',
    next: 'Send a message to wake it.',
  },
  'agent.until_invalid': {
    happened: 'Your agent can be kept awake for twelve hours at most.',
    next: 'Choose an earlier time.',
  },
  'model.not_configured': {
    happened: 'No language model is set up yet.',
    next: 'Choose a provider and a model in the settings and store its key.',
  },
  'model.no_price': {
    happened: 'No price is known for this model, so its cost could not be kept below your limit.',
    next: 'Enter its price in the settings under “Model”, then try again.',
  },
  'model.refused': {
    happened: 'The language model refused this request.',
    next: 'Put it differently, or choose another model in the settings.',
  },
  'model.unreachable': {
    happened: 'The language model could not be reached.',
    next: 'Check the address in the settings, or try again in a moment.',
  },
  'model.timeout': {
    happened: 'The language model took too long to answer.',
    next: 'Try again, or ask for something smaller.',
  },
  'model.garbage': {
    happened: 'The language model sent an answer that could not be read.',
    next: 'Try again. If it keeps happening, choose another model in the settings.',
  },
  'model.cut_off': {
    happened: 'The answer broke off before it was complete.',
    next: 'Try again, or ask the agent to continue.',
  },
  'model.rate_limited': {
    happened: 'The model provider is limiting how much you may use right now.',
    next: "Wait a little and try again, or check your plan on the provider's site.",
  },
  'model.key_rejected': {
    happened: 'The model provider did not accept the key.',
    next: 'Check that the key is right, still valid and has credit, then store it again.',
  },
  'spending.day_cap': {
    happened: 'The limit for today is reached.',
    next: 'Go on tomorrow, or raise your limit in the settings if the deployment allows more.',
  },
  'spending.month_cap': {
    happened: 'The limit for this month is reached.',
    next: 'Raise your limit in the settings, or ask whoever runs this deployment to raise theirs.',
  },
  'spending.deployment_day_cap': {
    happened: 'What all users of this deployment may spend today is used up.',
    next: 'Go on tomorrow, or ask whoever runs this deployment to raise the limit.',
  },
  'spending.deployment_month_cap': {
    happened: 'What all users of this deployment may spend this month is used up.',
    next: 'Ask whoever runs this deployment to raise the limit.',
  },
  'spending.stopped': {
    happened: 'Spending is stopped: the agent calls no model and does not wake.',
    next: 'Allow it again in the settings under “Spending”; if it is not you who stopped it, ask whoever runs this deployment.',
  },
  'data.erasing': {
    happened: 'Your data is being deleted, so no message is taken and the agent does not wake.',
    next: 'You can begin anew in about half an hour.',
  },
  'key.invalid': {
    happened: 'This is not a key: it is empty, has spaces in it or is too long.',
    next: 'Copy the key from your provider once more and paste it whole.',
  },
  'snapshot.unreadable': {
    happened: "Your agent's saved state could not be read.",
    next: 'It began anew: your conversations are complete here, but it does not remember them, and files that it made are gone.',
  },
  'snapshot.fell_back': {
    happened: "Your agent's last saved state could not be read, so it went back to the one before.",
    next: 'Your conversations are complete. Check files that it changed shortly before: their last changes may be missing.',
  },
  'snapshot.too_large': {
    happened: "Your agent's files have grown beyond 512 MB and can no longer be saved.",
    next: 'Ask it to delete what is not needed any more.',
  },
  'snapshot.not_found': {
    happened: 'This saved state is not there any more.',
    next: 'Reload the page and choose from those that are there.',
  },
  'snapshot.agent_awake': {
    happened: 'Your agent is awake, and would save its present state over the other one.',
    next: 'Put it to sleep first, then restore or import the state.',
  },
  'snapshot.file_invalid': {
    happened: 'This file is not a saved state of an agent.',
    next: 'Choose a .tar.zst that was exported here, or a .tar.gz that “openclaw backup create” made.',
  },
  'snapshot.file_too_large': {
    happened: 'This file is larger than 512 MB.',
    next: 'Remove large files from the workspace that it was made of, and make it again.',
  },
  'snapshot.file_missing': {
    happened: 'The file did not arrive.',
    next: 'Import it once more.',
  },
  'snapshot.import_unusable': {
    happened: 'The file that you imported could not be used as your agent’s state.',
    next: 'Your agent went on without it. The file may be damaged, hold no agent, or come from a newer OpenClaw. Make it again and import it once more.',
  },
  'event.malformed': {
    happened: 'Something arrived that this page could not read.',
    next: 'Reload the page. If it stays, this page may be older than the server.',
  },
  unauthorized: { happened: 'You are not allowed to do this.', next: 'Sign in again.' },
  internal: {
    happened: 'Something went wrong on our side.',
    next: 'Try again. If it keeps failing, ask whoever runs this deployment to look at the logs.',
  },
};
