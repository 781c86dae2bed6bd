export { constructError } from '../checks/construct-error.js';
