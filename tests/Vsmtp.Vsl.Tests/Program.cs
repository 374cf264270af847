using Vsmtp.Vsl.Tests.Fuzzing;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// The runner of the tests, or what eng/fuzz-vsl calls.
return args switch
{
    [FuzzCommand.Verb, .. var options] => FuzzCommand.Run(options),
    _ when args.Contains("--server") || args.Contains("--internal-msbuild-node") =>
        await TestPlatformTestFramework.RunAsync(args, Vsmtp.Vsl.Tests.SelfRegisteredExtensions.AddSelfRegisteredExtensions),
    _ => await ConsoleRunner.Run(args),
};
