using System.Collections.Frozen;
using Vsmtp.Mail.Delegation;
using Vsmtp.Rules.Loading;
using Vsmtp.Rules.Running;
using Vsmtp.Rules.Services.Commands;
using Vsmtp.Rules.Services.Csv;
using Vsmtp.Rules.Services.Sql;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Services;

/// <summary>Makes the values of <c>service NAME KIND = …</c>.</summary>
internal sealed class ServiceFactory : IServiceFactory
{
    public IReadOnlySet<string> Kinds { get; } = FrozenSet.Create("smtp", "cmd", "db:csv", "db:sqlite", "db:postgres", "db:mysql");

    public Completion Create(ServiceDeclaration declaration)
    {
        if (declaration.Kind != "smtp" && declaration.Call.State is not LoadState)
        {
            // Each run would have processes and connections of its own, and nobody to end them.
            return Completion.Error($"service `{declaration.Name}`: declare services of kind {declaration.Kind} at the top level of a file");
        }

        var findings = new ServiceFindings();
        var (settings, engine) = declaration.Value.TryAsMap(out var map) ? Read(declaration, map, findings) : default;
        if (map is null) findings.Faults.Add($"service `{declaration.Name}`: the options must be a map");
        var service = Value.From(new ServiceObject(declaration.Name, declaration.Kind, settings, engine));
        if (declaration.Call.State is not LoadState loading)
        {
            return findings.Faults is [var first, ..] ? Completion.Error(first) : service;
        }

        // Loading goes on with a service that has faults, so that those of all declarations are told at once.
        var (span, place) = findings.HidesSource ? (SourceSpan.None, $"{declaration.Span}: ") : (declaration.Span, "");
        loading.Diagnostics.AddRange(findings.Faults.Select(fault => Diagnostic.Error(place + fault, span)));
        loading.Diagnostics.AddRange(findings.Warnings.Select(warning => Diagnostic.Warning(place + warning, span)));
        if (settings is not null) loading.Declare(new DeclaredService(settings, declaration.Span));
        if (engine is not null) loading.Engines.Add(engine);
        return service;
    }

    private static (SmtpServiceSettings? Settings, ServiceEngine? Engine) Read(ServiceDeclaration declaration, VslMap map, ServiceFindings findings)
    {
        var (name, state) = (declaration.Name, (RuleState)declaration.Call.State!);
        switch (declaration.Kind)
        {
            case "smtp":
                return (SmtpServiceReader.Read(name, map, state, findings), null);
            case "cmd":
                return (null, CommandReader.Read(name, map, (LoadState)state, findings) is { } command ? new CommandRunner(name, command) : null);
            case "db:csv":
                return (null, CsvReader.Read(name, map, (LoadState)state, findings) is { } csv ? new CsvDatabase(name, csv) : null);
            case "db:sqlite":
                return (null, SqlReader.ReadSqlite(name, map, (LoadState)state, findings));
            case "db:postgres":
                return (null, SqlReader.ReadPostgres(name, map, findings));
            default:
                findings.Faults.Add($"service `{name}`: there is no MySQL in this version; databases are db:csv, db:sqlite and db:postgres");
                return default;
        }
    }
}
