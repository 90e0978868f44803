// Brings the PostgreSQL of its first argument up to date, or is killed while it does.
import { migrate } from '@gatehouse/store';

await migrate({ url: process.argv[2], dataDir: '' });
