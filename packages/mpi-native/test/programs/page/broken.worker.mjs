throw new Error('boom at the start');
