import { closeOnSignal, ConfigInvalid, endOnUncaught } from '@parlance/platform';
import { createLogger, startTelemetry } from '@parlance/telemetry';
import { Gateway } from './gateway.js';
import { type GatewayConfig, readGatewayConfig } from './gateway-config.js';

/** The whole main of the gateway, which has no database and so is not like the services. */
export async function runGateway(): Promise<void> {
  const config = configOrExit();
  const endpoint = config.OTEL_EXPORTER_OTLP_ENDPOINT;
  const service = 'gateway';
  const telemetry = startTelemetry({ service, ...(endpoint === undefined ? {} : { endpoint }) });
  const logger = createLogger(service, config.LOG_LEVEL);
  telemetry.reportLosses(logger);
  endOnUncaught(logger);
  try {
    const gateway = new Gateway(config, logger);
    const port = await gateway.listen();
    closeOnSignal(logger, () => {
      gateway.startDraining();
      return [
        { name: 'drain', close: () => pause(config.DRAIN_SECONDS) },
        { name: 'http', close: () => gateway.close() },
        { name: 'telemetry', close: () => telemetry.stop() },
      ];
    });
    logger.info({ port }, 'listening');
    process.send?.({ type: 'listening', port });
  } catch (error) {
    logger.fatal({ error }, 'could not start');
    await telemetry.stop();
    process.exit(1);
  }
}

function configOrExit(): GatewayConfig {
  try {
    return readGatewayConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    process.stderr.write(`gateway cannot start. ${error.message}\n`);
    process.exit(78); // EX_CONFIG of sysexits.h
  }
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
