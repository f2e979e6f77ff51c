export type { Decision } from './decisions.js';
export {
  FaultProxy,
  type FaultJournal,
  type FaultProxyOptions,
  startFaultProxy,
} from './fault-proxy.js';
export { FAULT_NAMES, type FaultName, type FaultSettings } from './fault-settings.js';
export { startTcpProxy, TcpProxy, type TcpProxyOptions } from './tcp-proxy.js';
export type { Seen } from './traffic.js';
