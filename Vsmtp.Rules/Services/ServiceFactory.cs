using System.Collections.Frozen;
using Vsmtp.Rules.Loading;
using Vsmtp.Rules.Running;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Services;

/// <summary>Makes the values of <c>service NAME KIND = …</c>.</summary>
internal sealed class ServiceFactory : IServiceFactory
{
    public IReadOnlySet<string> Kinds { get; } = FrozenSet.Create("smtp", "cmd", "db:csv");

    public Completion Create(ServiceDeclaration declaration)
    {
        var findings = new ServiceFindings();
        var settings = declaration.Value.TryAsMap(out var map) ? Read(declaration, map, findings) : null;
        if (map is null) findings.Faults.Add($"service `{declaration.Name}`: the options must be a map");
        var service = Value.From(new ServiceObject(declaration.Name, declaration.Kind, settings));
        if (declaration.Call.State is not LoadState loading)
        {
            return findings.Faults is [var first, ..] ? Completion.Error(first) : service;
        }

        // Loading goes on with a service that has faults, so that those of all declarations are told at once.
        loading.Diagnostics.AddRange(findings.Faults.Select(fault => Diagnostic.Error(fault, declaration.Span)));
        loading.Diagnostics.AddRange(findings.Warnings.Select(warning => Diagnostic.Warning(warning, declaration.Span)));
        if (settings is not null) loading.Declare(new DeclaredService(settings, declaration.Span));
        return service;
    }

    private static Mail.Delegation.SmtpServiceSettings? Read(ServiceDeclaration declaration, VslMap map, ServiceFindings findings)
    {
        switch (declaration.Kind)
        {
            case "smtp":
                return SmtpServiceReader.Read(declaration.Name, map, (RuleState)declaration.Call.State!, findings);
            case "cmd":
                OtherServiceReader.ReadCommand(declaration.Name, map, findings);
                break;
            default:
                OtherServiceReader.ReadCsv(declaration.Name, map, findings);
                break;
        }

        findings.Warnings.Add(
            $"service `{declaration.Name}`: services of kind {declaration.Kind} are built later; using it is an error");
        return null;
    }
}
