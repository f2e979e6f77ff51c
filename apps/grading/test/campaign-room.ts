import { type Id, newId } from '@parlance/kernel';
import { eventually } from '@parlance/messaging/testing';
import { RescoreWorker } from '../src/rescore-worker.js';
import { Classroom } from './builders.js';

/** A classroom whose institution rescores; two admins, for a campaign needs two people. */
export class CampaignRoom {
  readonly openerId = newId();
  readonly approverId = newId();

  constructor(readonly room: Classroom) {}

  opener(): Promise<string> {
    return this.room.as(this.openerId, 'admin');
  }

  approver(): Promise<string> {
    return this.room.as(this.approverId, 'admin');
  }

  async open(fromVersionId: Id, toVersionId: Id, rest: object = {}) {
    const body = { fromVersionId, toVersionId, reason: 'The key was wrong.', ...rest };
    const token = await this.opener();
    return this.room.service.request('POST', '/rescore-campaigns', { token, body });
  }

  /** Opens, waits for the dry run, and returns the draft. */
  async draft(fromVersionId: Id, toVersionId: Id, rest: object = {}) {
    const { body } = await this.open(fromVersionId, toVersionId, rest);
    return this.until(body.id, 'draft');
  }

  async read(campaignId: Id) {
    const token = await this.opener();
    return (await this.room.service.request('GET', `/rescore-campaigns/${campaignId}`, { token }))
      .body;
  }

  async until(campaignId: Id, state: string) {
    // Need not wait for the worker to look by itself.
    await this.room.service.get(RescoreWorker).drain();
    return eventually(
      async () => {
        const body = await this.read(campaignId);
        return body.state === state ? body : undefined;
      },
      () => `campaign ${campaignId} is ${state}`,
    );
  }

  async put(campaign: { id: Id; version: number }, path: string, body?: object) {
    const token = await this.approver();
    const headers = { 'if-match': `"${campaign.version}"` };
    const address = `/rescore-campaigns/${campaign.id}/${path}`;
    return this.room.service.request('PUT', address, { token, headers, ...(body && { body }) });
  }

  async apply(campaign: { id: Id; version: number }) {
    const { status, body } = await this.put(campaign, 'approval');
    if (status !== 200) throw new Error(JSON.stringify(body));
    return this.until(campaign.id, 'applied');
  }

  async revert(campaign: { id: Id; version: number }) {
    const { status, body } = await this.put(campaign, 'state', { state: 'reverted' });
    if (status !== 200) throw new Error(JSON.stringify(body));
    return this.until(campaign.id, 'reverted');
  }

  async score(attemptId: Id) {
    const token = await this.room.teacher();
    return (await this.room.service.request('GET', `/scores/${attemptId}`, { token })).body;
  }

  async get(path: string, token?: string) {
    const by = token ?? (await this.opener());
    return this.room.service.request('GET', `/rescore-campaigns/${path}`, { token: by });
  }
}
