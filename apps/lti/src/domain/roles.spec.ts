import { launchRole } from './roles.js';

const LIS = 'http://purl.imsglobal.org/vocab/lis/v2';
const SYSTEM = `${LIS}/system/person`;

describe('the role in the class', () => {
  test.each([
    [[`${LIS}/membership#Instructor`], 'teacher'],
    [['Instructor'], 'teacher'],
    [['urn:lti:role:ims/lis/Instructor'], 'teacher'],
    [['urn:lti:role:ims/lis/TeachingAssistant'], 'teacher'],
    [['urn:lti:role:ims/lis/Instructor/PrimaryInstructor'], 'teacher'],
    [[`${LIS}/membership/Instructor#TeachingAssistant`], 'teacher'],
    [[`${LIS}/membership/Instructor#Grader`], 'teacher'],
    [[`${LIS}/membership#Learner`], 'learner'],
    [['Learner'], 'learner'],
    [['urn:lti:role:ims/lis/Learner'], 'learner'],
    [['urn:lti:role:ims/lis/Learner/NonCreditLearner'], 'learner'],
    [[`${LIS}/membership/Learner#GuestLearner`], 'learner'],
    [[`${LIS}/membership/Learner#Instructor`], 'learner'],
    [[`${LIS}/membership#Learner`, `${LIS}/membership#Instructor`], 'teacher'],
    [[`${SYSTEM}#Administrator`, `${LIS}/membership#Learner`], 'learner'],
    [['https://example.com/unknown', 'Learner'], 'learner'],
  ])('%j is a %s', (roles, role) => {
    expect(launchRole(roles)).toBe(role);
  });

  test.each([
    [[]],
    [['']],
    [['learner']],
    [['Student']],
    [['Administrator']],
    [[`${LIS}/membership#Administrator`]],
    [[`${LIS}/membership#ContentDeveloper`]],
    [[`${LIS}/membership#Mentor`]],
    [[`${LIS}/membership#Member`]],
    [[`${LIS}/membership#Instructor#Learner`]],
    [[`${LIS}/membership/Instructor#Unheard`]],
    [[`${LIS}/membership/Mentor#Instructor`]],
    [[`${LIS}/institution/person#Instructor`]],
    [[`${LIS}/institution/person#Learner`]],
    [[`${LIS}/institution/person#Student`]],
    [[`${LIS}/institution/person#Administrator`]],
    [[`${SYSTEM}#SysAdmin`]],
    [[`${LIS}/person#Instructor`]],
    [['urn:lti:instrole:ims/lis/Instructor']],
    [['urn:lti:sysrole:ims/lis/SysAdmin']],
    [[`https://evil.example/${LIS}/membership#Instructor`]],
    [[`${LIS}/membership#Learner`, 'http://purl.imsglobal.org/vocab/lti/system/person#TestUser']],
  ])('%j is nobody', (roles) => {
    expect(launchRole(roles)).toBeNull();
  });
});
