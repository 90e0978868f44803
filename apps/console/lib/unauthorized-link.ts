import { apiUrl, type Query } from './api';

/** Address of the main page with filters set; the page uses the API's own parameter names. */
export const unauthorizedLink = (filters: Query): string =>
  `/unauthorized${apiUrl('', filters).replace(/^[^?]*/, '')}`;
