import { defineBackend } from '@aws-amplify/backend';
import { aws_lambda as lambda } from 'aws-cdk-lib';
import { auth } from './auth/resource.ts';
import { data } from './data/resource.ts';
const backend = defineBackend({ auth, data });
