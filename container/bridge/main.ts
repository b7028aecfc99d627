console.log(JSON.stringify({ event: 'bridge.started' }));
