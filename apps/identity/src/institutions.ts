import { Injectable } from '@nestjs/common';
import { type Id, newId, Refusal } from '@parlance/kernel';
import { Database } from '@parlance/platform';
import { insertInstitution } from './db/institution.store.js';
import { cleanName } from './domain/names.js';
import { Passwords } from './passwords.js';
import { People } from './people.js';

export interface NewInstitution {
  slug: string;
  name: string;
  admin: { displayName: string; email: string; password: string };
}

export interface CreatedInstitution {
  id: Id;
  slug: string;
  name: string;
  adminId: Id;
}

/** An institution begins with one admin, who makes everybody else. */
@Injectable()
export class Institutions {
  constructor(
    private readonly database: Database,
    private readonly people: People,
    private readonly passwords: Passwords,
  ) {}

  async create(input: NewInstitution): Promise<CreatedInstitution> {
    const { slug, admin } = input;
    const { displayName, email, password } = admin;
    const id = newId();
    const name = cleanName(input.name, '/name');
    const hash = await this.passwords.hash(password);
    return this.database.inInstitution(id, async (tx) => {
      if (!(await insertInstitution(tx, { id, slug, name }))) {
        const detail = 'An institution with this slug exists.';
        throw new Refusal('conflict', 'institution-exists', detail);
      }
      const person = await this.people.add(tx, id, { displayName, email, roles: ['admin'] }, hash);
      return { id, slug, name, adminId: person.id };
    });
  }
}
