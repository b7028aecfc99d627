/**
 * What the bridge needs of root's capabilities: SETUID, SETGID and SETPCAP to start OpenClaw and its tools as users
 * without any, KILL to end them, CHOWN to give them their folders.
 */
export const bridgeCapabilities = ['CHOWN', 'KILL', 'SETGID', 'SETPCAP', 'SETUID'] as const;
