import type { FastifyInstance } from 'fastify';
import { ifMatchVersion, setEtag } from '../../http/preconditions.ts';
import { serve } from '../../http/serve.ts';
import {
  createAlertChannel,
  deleteAlertChannel,
  listAlertChannels,
  testAlertChannel,
  updateAlertChannel,
} from '../../services/alerts/channels.ts';
import { listAlerts } from '../../services/alerts/list.ts';
import {
  createAlertRule,
  deleteAlertRule,
  listAlertRules,
  updateAlertRule,
} from '../../services/alerts/rules.ts';
import { createAlertSilence, deleteAlertSilence, listAlertSilences } from '../../services/alerts/silences.ts';

/** What fires, and the silences that keep messages back. */
export const routeAlerts = (app: FastifyInstance): void => {
  serve(app, 'listAlerts', ({ ctx, query }) => listAlerts(ctx, query));
  serve(app, 'listAlertSilences', ({ ctx }) => listAlertSilences(ctx));
  serve(app, 'createAlertSilence', ({ ctx, body }) => createAlertSilence(ctx, body));
  serve(app, 'deleteAlertSilence', async ({ ctx, params }) => {
    await deleteAlertSilence(ctx, params.id);
    return undefined;
  });
};

export const routeAlertRules = (app: FastifyInstance): void => {
  serve(app, 'listAlertRules', ({ ctx }) => listAlertRules(ctx));
  serve(app, 'createAlertRule', async ({ ctx, body, reply }) => {
    const made = await createAlertRule(ctx, body);
    setEtag(reply, made.version);
    return made;
  });
  serve(app, 'updateAlertRule', async ({ ctx, params, body, request, reply }) => {
    const changed = await updateAlertRule(ctx, params.id, body, ifMatchVersion(request));
    setEtag(reply, changed.version);
    return changed;
  });
  serve(app, 'deleteAlertRule', async ({ ctx, params }) => {
    await deleteAlertRule(ctx, params.id);
    return undefined;
  });
};

export const routeAlertChannels = (app: FastifyInstance): void => {
  serve(app, 'listAlertChannels', ({ ctx }) => listAlertChannels(ctx));
  serve(app, 'createAlertChannel', async ({ ctx, body, reply }) => {
    const made = await createAlertChannel(ctx, body);
    setEtag(reply, made.version);
    return made;
  });
  serve(app, 'updateAlertChannel', async ({ ctx, params, body, request, reply }) => {
    const changed = await updateAlertChannel(ctx, params.id, body, ifMatchVersion(request));
    setEtag(reply, changed.version);
    return changed;
  });
  serve(app, 'deleteAlertChannel', async ({ ctx, params }) => {
    await deleteAlertChannel(ctx, params.id);
    return undefined;
  });
  serve(app, 'testAlertChannel', ({ ctx, params }) => testAlertChannel(ctx, params.id));
};
