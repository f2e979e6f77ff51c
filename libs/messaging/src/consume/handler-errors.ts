import { type ArgumentsHost, Catch, type RpcExceptionFilter, UseFilters } from '@nestjs/common';
import type { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { EXCEPTION_FILTERS_METADATA } from '@nestjs/common/internal';
import { PATTERN_HANDLER_METADATA } from '@nestjs/microservices/constants.js';
import { PatternHandler } from '@nestjs/microservices/enums/pattern-handler.enum.js';
import { type Observable, throwError } from 'rxjs';

/** Hands the error of an event handler on as it is; Nest would replace it by a sentence. */
@Catch()
export class HandlerErrors implements RpcExceptionFilter {
  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * Puts the filter on every event handler that has none of its own. It is done to the methods and
 * not globally, because a global filter would also meet the errors of HTTP requests.
 */
export function keepHandlerErrors(discovery: DiscoveryService, scanner: MetadataScanner): void {
  const filter = new HandlerErrors();
  for (const { metatype } of discovery.getControllers()) {
    if (typeof metatype !== 'function') continue;
    const prototype = metatype.prototype as object;
    for (const name of scanner.getAllMethodNames(prototype)) {
      const method = (prototype as Record<string, object | undefined>)[name];
      if (!method) continue;
      const kind: unknown = Reflect.getMetadata(PATTERN_HANDLER_METADATA, method);
      if (kind !== PatternHandler.EVENT) continue;
      if (Reflect.hasMetadata(EXCEPTION_FILTERS_METADATA, method)) continue;
      UseFilters(filter)(prototype, name, { value: method });
    }
  }
}
