import type { FaultTexts } from '../text.ts';

export const ko: FaultTexts = {
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
  'attachment.not_received': {
    happened: '보내신 앱에서 파일을 가져오지 못했습니다.',
    next: '다시 시도해 주세요. 계속 안 되면 웹 앱에서 파일을 보내 주세요.',
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
    happened: '사용할 수 없는 설정입니다.',
    next: '표시된 값을 확인한 뒤 다시 저장해 주세요.',
  },
  'settings.changed': {
    happened: '다른 곳에서 설정이 바뀌어 다시 불러왔습니다.',
    next: '확인하고 한 번 더 저장해 주세요.',
  },
  'schedule.invalid': {
    happened: '예약을 이해하지 못했습니다.',
    next: '페이지를 새로 고치고 다시 시도해 주세요.',
  },
  'schedule.past': {
    happened: '이미 지난 시간입니다.',
    next: '앞으로 올 시간을 골라 주세요.',
  },
  'schedule.cron_invalid': {
    happened: '이 cron 식은 쓸 수 없습니다.',
    next: '분, 시, 일, 월, 요일의 다섯 칸을 0 8 * * 1-5처럼 실제로 오는 시간으로 적어 주세요.',
  },
  'schedule.zone_invalid': {
    happened: '알 수 없는 시간대입니다.',
    next: 'Asia/Seoul처럼 알려진 시간대를 골라 주세요.',
  },
  'schedule.too_often': {
    happened: '너무 자주 돌아옵니다.',
    next: '두 번 사이에 15분 이상 두어 주세요.',
  },
  'schedule.too_many': {
    happened: '예약을 더 만들 수 없습니다.',
    next: '필요 없는 예약을 삭제해 주세요.',
  },
  'schedule.busy': {
    happened: '같은 순간에 예약이 바뀌고 있었습니다.',
    next: '다시 시도해 주세요.',
  },
  'schedule.missed': {
    happened: '제때 보내지 못했습니다.',
    next: '다음 시간에는 다시 보냅니다. 지금 바로 보낼 수도 있습니다.',
  },
  'approval.not_found': {
    happened: '이 명령은 더 이상 허용을 기다리지 않습니다.',
    next: '처리 결과를 대화에서 확인해 주세요.',
  },
  'channel.not_set_up': {
    happened: '이 서비스는 아직 그 채널과 연결되어 있지 않습니다.',
    next: '운영자에게 설정을 요청해 주세요.',
  },
  'push.not_set_up': {
    happened: '이 서비스는 닫힌 페이지에 알림을 보내지 않습니다.',
    next: '운영자에게 설정(npm run setup)을 요청해 주세요.',
  },
  'push.not_a_subscription': {
    happened: '브라우저가 준 주소로는 알림을 보낼 수 없습니다.',
    next: '껐다가 다시 켜거나 다른 브라우저를 사용해 주세요.',
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
  'agent.disk_full': {
    happened: '에이전트 컴퓨터의 디스크가 가득 찼습니다.',
    next: '에이전트를 재운 뒤 다시 시도해 주세요. 디스크가 차기 전에 마지막으로 저장된 상태로 깨어납니다.',
  },
  'agent.stuck': {
    happened: '에이전트가 이 메시지를 처리하다가 30분 동안 아무 반응이 없었습니다.',
    next: '다시 시도해 주세요. 계속 반복되면 일을 작은 단계로 나누어 요청해 주세요.',
  },
  'agent.background_ended': {
    happened: '백그라운드에서 실행 중인 작업이 남아 있는 상태로 에이전트가 잠들었습니다.',
    next: '그 작업은 종료되었고 파일은 저장되어 있습니다. 에이전트에게 다시 시작하도록 요청하고, 작업하는 동안 깨어 있도록 설정해 주세요.',
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
  'spending.deployment_day_cap': {
    happened: '이 서비스의 모든 사용자가 오늘 함께 쓸 수 있는 한도에 도달했습니다.',
    next: '내일 계속하거나 운영자에게 한도를 높여 달라고 요청해 주세요.',
  },
  'spending.deployment_month_cap': {
    happened: '이 서비스의 모든 사용자가 이번 달에 함께 쓸 수 있는 한도에 도달했습니다.',
    next: '운영자에게 한도를 높여 달라고 요청해 주세요.',
  },
  'spending.stopped': {
    happened: '지출이 중지되어 에이전트가 모델을 호출하지 않고 깨어나지도 않습니다.',
    next: '설정의 “지출 한도”에서 다시 허용해 주세요. 직접 중지하지 않았다면 운영자에게 문의해 주세요.',
  },
  'data.erasing': {
    happened: '데이터를 삭제하는 중이어서 메시지를 보낼 수 없고 에이전트도 깨어나지 않습니다.',
    next: '30분쯤 뒤에 새로 시작할 수 있습니다.',
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
    next: '먼저 에이전트를 재운 뒤 복원하거나 가져와 주세요.',
  },
  'snapshot.file_invalid': {
    happened: '에이전트의 상태를 저장한 파일이 아닙니다.',
    next: '여기서 내보낸 .tar.zst 파일이나 openclaw backup create로 만든 .tar.gz 파일을 선택해 주세요.',
  },
  'snapshot.file_too_large': {
    happened: '파일이 512MB보다 큽니다.',
    next: '작업 폴더에서 큰 파일을 지운 뒤 다시 만들어 주세요.',
  },
  'snapshot.file_missing': {
    happened: '파일이 도착하지 않았습니다.',
    next: '다시 가져와 주세요.',
  },
  'snapshot.import_unusable': {
    happened: '가져온 파일을 에이전트의 상태로 쓸 수 없었습니다.',
    next: '에이전트는 그 파일 없이 시작했습니다. 파일이 손상되었거나, 에이전트가 들어 있지 않거나, 더 새로운 OpenClaw에서 만든 파일일 수 있습니다. 다시 만들어 가져와 주세요.',
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
};
