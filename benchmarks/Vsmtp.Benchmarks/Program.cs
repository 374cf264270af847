using Vsmtp.Vsl;

var limits = new BudgetLimits
{
    MaxSteps = long.MaxValue, MaxDepth = 1_000, MaxAllocatedBytes = long.MaxValue, MaxTime = TimeSpan.FromHours(1),
};
var path = Path.GetFullPath(args[0]);
var result = ScriptCompiler.Compile(new DirectoryScriptFiles(Path.GetDirectoryName(path)!), Path.GetFileName(path), ScriptHost.Bare);
if (result.Script is not { } script)
{
    Console.Error.Write(new DiagnosticRenderer(result.Files).Render(result.Diagnostics));
    return 1;
}

var completion = await script.EvaluateAsync(new ScriptRunOptions { Limits = limits }).ConfigureAwait(false);
Console.WriteLine(completion.Failure?.Message ?? completion.Value.ToDebug());
return completion.IsValue ? 0 : 1;
