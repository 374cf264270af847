using Vsmtp.Rules.Running;
using Vsmtp.Rules.Services;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Loading;

/// <summary>The state while top levels are evaluated; collects what declarations find and read.</summary>
internal sealed class LoadState(RuleSetOptions options, ObjectFiles files) : RuleState(options, options.LoadLog)
{
    public List<Diagnostic> Diagnostics { get; } = [];

    public Dictionary<string, DeclaredService> Services { get; } = [];

    /// <summary>Those of services that rules call themselves.</summary>
    public List<ServiceEngine> Engines { get; } = [];

    /// <summary>The set comes from the store and is loaded again, perhaps on another machine: it was good when it was loaded first.</summary>
    public bool IsStored => files.AreStored;

    public override bool TryReadFile(string path, out string text) => files.TryRead(path, out text);

    /// <summary>Mails asleep find their service by its name alone, so it must mean one thing in all files.</summary>
    public void Declare(DeclaredService service)
    {
        var name = service.Settings.Name;
        if (Services.TryAdd(name, service)) return;
        Diagnostics.Add(Diagnostic.Error(DiagnosticCodes.DuplicateService, $"there is another service named `{name}`", service.Span) with
        {
            Notes = [Diagnostic.Note("it is declared here", Services[name].Span)],
        });
    }
}
