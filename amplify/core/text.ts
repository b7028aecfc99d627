import type { ErrorCode } from './error.ts';

export const languages = ['en', 'ko'] as const;
export type Language = (typeof languages)[number];

/** What people read about a fault: what happened, and what they can do now. */
export interface FaultText {
  happened: string;
  next: string;
}

/** Every code in every language; a missing one fails the type check. */
export const faultTexts: Record<Language, Record<ErrorCode, FaultText>> = {
  en: {
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
      happened: 'These settings cannot be used, or they were changed elsewhere in the meantime.',
      next: 'Reload the settings, check the marked values and save again.',
    },
    'approval.not_found': {
      happened: 'This command is no longer waiting for your approval.',
      next: 'See the conversation for what became of it.',
    },
    'channel.not_set_up': {
      happened: 'This service is not connected with Telegram.',
      next: 'Ask its operator to set it up (npm run telegram -- setup).',
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
    'spending.stopped': {
      happened: 'Spending is stopped: the agent calls no model and does not wake.',
      next: 'Allow it again in the settings under “Spending”; if it is not you who stopped it, ask whoever runs this deployment.',
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
      next: 'Put it to sleep first, then restore the state.',
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
  },
  ko: {
    'message.empty': { happened: '메시지가 비어 있습니다.', next: '내용을 입력한 뒤 다시 보내 주세요.' },
    'message.too_long': {
      happened: '메시지가 32,000자를 넘습니다.',
      next: '내용을 줄이거나 여러 번에 나눠 보내 주세요.',
    },
    'message.id_invalid': {
      happened: '메시지를 식별할 수 없습니다.',
      next: '페이지를 새로고침한 뒤 다시 보내 주세요.',
    },
    'message.id_taken': {
      happened: '같은 ID로 이미 다른 메시지를 보냈습니다.',
      next: '새 메시지로 다시 보내 주세요.',
    },
    'message.clock_off': {
      happened: '기기의 시계가 실제 시각과 많이 다릅니다.',
      next: '기기에서 날짜와 시간을 자동으로 맞춘 뒤 다시 보내 주세요.',
    },
    'message.not_found': {
      happened: '이 메시지를 더 이상 찾을 수 없습니다.',
      next: '페이지를 새로고침해 최신 상태를 확인해 주세요.',
    },
    'message.not_retryable': {
      happened: '이미 답변했거나 에이전트가 아직 처리하고 있는 메시지입니다.',
      next: '답변을 기다리거나 먼저 작업을 중지해 주세요.',
    },
    'message.queue_full': {
      happened: '답변을 기다리는 메시지가 이미 50개입니다.',
      next: '에이전트가 몇 개에 답변한 뒤 다시 보내 주세요.',
    },
    'attachment.too_many': {
      happened: '첨부한 파일이 10개를 넘습니다.',
      next: '몇 개를 빼거나 다음 메시지로 나눠 보내 주세요.',
    },
    'attachment.too_large': {
      happened: '25MB보다 큰 파일이 있습니다.',
      next: '더 작은 파일을 첨부해 주세요.',
    },
    'attachment.missing': {
      happened: '첨부한 파일을 더 이상 찾을 수 없습니다.',
      next: '파일을 다시 첨부한 뒤 메시지를 보내 주세요.',
    },
    'attachment.invalid': {
      happened: '첨부한 파일을 식별할 수 없습니다.',
      next: '파일을 빼고 다시 첨부해 주세요.',
    },
    'file.not_found': {
      happened: '이 파일을 더 이상 찾을 수 없습니다.',
      next: '페이지를 새로고침해 최신 상태를 확인해 주세요.',
    },
    'message.rate_limited': {
      happened: '짧은 시간에 보낼 수 있는 메시지 수를 넘었습니다.',
      next: '쓴 내용은 여기에 남아 있으니 나중에 다시 보내 주세요.',
    },
    'conversation.not_found': {
      happened: '이 대화를 더 이상 찾을 수 없습니다.',
      next: '새 대화를 시작해 메시지를 보내 주세요.',
    },
    'conversation.title_invalid': {
      happened: '제목이 비어 있거나 120자를 넘습니다.',
      next: '제목을 120자 이내로 입력해 주세요.',
    },
    'conversation.id_invalid': {
      happened: '대화를 식별할 수 없습니다.',
      next: '페이지를 새로고침한 뒤 다시 시도해 주세요.',
    },
    'search.text_invalid': {
      happened: '검색어가 비어 있거나 200자를 넘습니다.',
      next: '한두 단어로 검색해 주세요.',
    },
    'settings.invalid': {
      happened: '사용할 수 없는 설정이거나 그사이 다른 곳에서 설정이 바뀌었습니다.',
      next: '설정을 다시 불러와 표시된 값을 확인한 뒤 저장해 주세요.',
    },
    'approval.not_found': {
      happened: '이 명령은 더 이상 허용을 기다리지 않습니다.',
      next: '처리 결과를 대화에서 확인해 주세요.',
    },
    'channel.not_set_up': {
      happened: '이 서비스는 텔레그램과 연결되어 있지 않습니다.',
      next: '운영자에게 설정(npm run telegram -- setup)을 요청해 주세요.',
    },
    'task.no_capacity': {
      happened: '지금 AWS에 에이전트가 쓸 수 있는 컴퓨터가 없습니다.',
      next: '몇 분 뒤 다시 시도하거나 설정에서 온디맨드를 허용해 주세요.',
    },
    'task.start_failed': {
      happened: '에이전트가 쓸 컴퓨터를 시작하지 못했습니다.',
      next: '다시 시도해 주세요. 계속 실패하면 운영자에게 로그 확인을 요청해 주세요.',
    },
    'task.rate_limited': {
      happened: '하루에 에이전트를 깨울 수 있는 횟수를 모두 사용했습니다.',
      next: '내일 다시 시도하거나 운영자에게 횟수를 늘려 달라고 요청해 주세요.',
    },
    'task.lost': {
      happened: '작업하는 동안 에이전트의 컴퓨터가 여러 번 중단되었습니다.',
      next: '다시 시도해 주세요. 대화와 파일은 안전하게 보관되어 있습니다.',
    },
    'agent.start_failed': {
      happened: '컴퓨터는 켜졌지만 에이전트를 시작하지 못했습니다.',
      next: '다시 시도해 주세요. 계속 실패하면 운영자에게 로그 확인을 요청해 주세요.',
    },
    'agent.stopping': {
      happened: '에이전트가 막 잠드는 중입니다.',
      next: '그대로 두면 됩니다. 메시지에 답변하기 위해 다시 깨어납니다.',
    },
    'agent.asleep': {
      happened: '에이전트가 자고 있어 깨워 둘 수 없습니다.',
      next: '메시지를 보내면 깨어납니다.',
    },
    'agent.until_invalid': {
      happened: '에이전트는 최대 12시간까지 깨워 둘 수 있습니다.',
      next: '더 이른 시각을 선택해 주세요.',
    },
    'model.not_configured': {
      happened: '아직 언어 모델이 설정되지 않았습니다.',
      next: '설정에서 제공자와 모델을 선택하고 API 키를 저장해 주세요.',
    },
    'model.no_price': {
      happened: '이 모델의 가격 정보가 없어 지출 한도를 지킬 수 없습니다.',
      next: '설정의 “모델”에서 가격을 입력한 뒤 다시 시도해 주세요.',
    },
    'model.refused': {
      happened: '언어 모델이 이 요청을 거부했습니다.',
      next: '표현을 바꾸거나 설정에서 다른 모델을 선택해 주세요.',
    },
    'model.unreachable': {
      happened: '언어 모델에 연결하지 못했습니다.',
      next: '설정에서 주소를 확인하거나 잠시 뒤 다시 시도해 주세요.',
    },
    'model.timeout': {
      happened: '언어 모델의 답변이 너무 오래 걸렸습니다.',
      next: '다시 시도하거나 요청을 더 작게 나눠 주세요.',
    },
    'model.garbage': {
      happened: '언어 모델이 읽을 수 없는 답변을 보냈습니다.',
      next: '다시 시도해 주세요. 계속되면 설정에서 다른 모델을 선택해 주세요.',
    },
    'model.cut_off': {
      happened: '답변이 도중에 끊겼습니다.',
      next: '다시 시도하거나 에이전트에게 이어서 하도록 요청해 주세요.',
    },
    'model.rate_limited': {
      happened: '모델 제공자의 사용량 제한에 도달했습니다.',
      next: '잠시 뒤 다시 시도하거나 제공자 사이트에서 요금제를 확인해 주세요.',
    },
    'model.key_rejected': {
      happened: '모델 제공자가 API 키를 거부했습니다.',
      next: '키가 올바르고 유효한지, 잔액이 남아 있는지 확인한 뒤 다시 저장해 주세요.',
    },
    'spending.day_cap': {
      happened: '오늘의 지출 한도에 도달했습니다.',
      next: '내일 계속하거나, 운영자가 정한 한도 안이라면 설정에서 한도를 높여 주세요.',
    },
    'spending.month_cap': {
      happened: '이번 달의 지출 한도에 도달했습니다.',
      next: '설정에서 한도를 높이거나 운영자에게 한도를 높여 달라고 요청해 주세요.',
    },
    'spending.stopped': {
      happened: '지출이 중지되어 에이전트가 모델을 호출하지 않고 깨어나지도 않습니다.',
      next: '설정의 “지출 한도”에서 다시 허용해 주세요. 직접 중지하지 않았다면 운영자에게 문의해 주세요.',
    },
    'key.invalid': {
      happened: 'API 키가 비어 있거나 공백이 들어 있거나 너무 깁니다.',
      next: '제공자 사이트에서 키를 다시 복사해 빠짐없이 붙여 넣어 주세요.',
    },
    'snapshot.unreadable': {
      happened: '에이전트의 저장된 상태를 읽지 못했습니다.',
      next: '에이전트가 처음부터 새로 시작했습니다. 대화는 모두 그대로 있지만 에이전트는 기억하지 못하고, 만든 파일도 남아 있지 않습니다.',
    },
    'snapshot.fell_back': {
      happened: '마지막으로 저장된 상태를 읽지 못해 에이전트가 그 전 상태로 돌아갔습니다.',
      next: '대화는 모두 그대로 있습니다. 에이전트가 최근에 바꾼 파일은 마지막 변경이 빠졌을 수 있으니 확인해 주세요.',
    },
    'snapshot.too_large': {
      happened: '에이전트의 파일이 512MB를 넘어 더 이상 저장할 수 없습니다.',
      next: '에이전트에게 필요 없는 파일을 삭제하도록 요청해 주세요.',
    },
    'snapshot.not_found': {
      happened: '저장된 상태를 더 이상 찾을 수 없습니다.',
      next: '페이지를 새로고침한 뒤 남아 있는 것 중에서 선택해 주세요.',
    },
    'snapshot.agent_awake': {
      happened: '에이전트가 깨어 있어 복원한 상태를 덮어쓰게 됩니다.',
      next: '먼저 에이전트를 재운 뒤 복원해 주세요.',
    },
    'event.malformed': {
      happened: '이 페이지에서 읽을 수 없는 데이터를 받았습니다.',
      next: '페이지를 새로고침해 주세요. 계속되면 페이지가 서버보다 오래된 버전일 수 있습니다.',
    },
    unauthorized: { happened: '이 작업을 할 권한이 없습니다.', next: '다시 로그인해 주세요.' },
    internal: {
      happened: '서비스에 문제가 생겼습니다.',
      next: '다시 시도해 주세요. 계속 실패하면 운영자에게 로그 확인을 요청해 주세요.',
    },
  },
};

/** What happened and what to do, in a language. */
export const faultText = (code: ErrorCode, language: Language): FaultText => faultTexts[language][code];
