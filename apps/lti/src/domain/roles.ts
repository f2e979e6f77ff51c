/** What a launch makes of somebody in the class; null: no rights at all. */
export type LaunchRole = 'teacher' | 'learner' | null;

const LIS = 'http://purl.imsglobal.org/vocab/lis/v2';
const TEST_USER = 'http://purl.imsglobal.org/vocab/lti/system/person#TestUser';

const INSTRUCTOR_SUB_ROLES = new Set([
  'ExternalInstructor',
  'Grader',
  'GuestInstructor',
  'Lecturer',
  'PrimaryInstructor',
  'SecondaryInstructor',
  'TeachingAssistant',
  'TeachingAssistantGroup',
  'TeachingAssistantOffering',
  'TeachingAssistantSection',
  'TeachingAssistantSectionAssociation',
  'TeachingAssistantTemplate',
]);

const LEARNER_SUB_ROLES = new Set([
  'ExternalLearner',
  'GuestLearner',
  // An instructor sitting in as a learner: named so by the vocabulary, and a learner all the same.
  'Instructor',
  'Learner',
  'NonCreditLearner',
]);

/**
 * The role in the class, from the roles in the course (Core 1.3 appendix A.2). Only roles of the
 * course count: an administrator of the whole LMS is not a teacher of this class. What is unknown
 * gives nothing. A user of the LMS's own preview is nobody.
 */
export function launchRole(roles: readonly string[]): LaunchRole {
  if (roles.includes(TEST_USER)) return null;
  const given = new Set(roles.map(courseRole));
  if (given.has('teacher')) return 'teacher';
  return given.has('learner') ? 'learner' : null;
}

function courseRole(role: string): LaunchRole {
  switch (role) {
    case `${LIS}/membership#Instructor`:
    case 'urn:lti:role:ims/lis/Instructor':
    case 'urn:lti:role:ims/lis/TeachingAssistant':
    case 'Instructor':
      return 'teacher';
    case `${LIS}/membership#Learner`:
    case 'urn:lti:role:ims/lis/Learner':
    case 'Learner':
      return 'learner';
    default:
      return subRole(role);
  }
}

function subRole(role: string): LaunchRole {
  const uri = /^http:\/\/purl\.imsglobal\.org\/vocab\/lis\/v2\/membership\/(\w+)#(\w+)$/.exec(role);
  const urn = /^urn:lti:role:ims\/lis\/(\w+)\/(\w+)$/.exec(role);
  const [, main = '', sub = ''] = uri ?? urn ?? [];
  if (main === 'Instructor' && INSTRUCTOR_SUB_ROLES.has(sub)) return 'teacher';
  if (main === 'Learner' && LEARNER_SUB_ROLES.has(sub)) return 'learner';
  return null;
}
