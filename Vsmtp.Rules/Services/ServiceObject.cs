using Vsmtp.Mail.Delegation;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Services;

/// <summary>A value that <c>service</c> declares.</summary>
internal sealed class ServiceObject(string name, string kind, SmtpServiceSettings? settings, ServiceEngine? engine = null) : HostObject
{
    public override string TypeName => "Service";

    public string Name => name;

    /// <summary>As it was declared, e.g. <c>smtp</c> or <c>db:csv</c>.</summary>
    public string Kind => kind;

    /// <summary>Null for other kinds than smtp, and for a declaration that has faults.</summary>
    public SmtpServiceSettings? Settings => settings;

    /// <summary>Null for smtp, whose work others do, and for a declaration that has faults.</summary>
    public ServiceEngine? Engine => engine;

    public override string ToText() => kind == "db:csv" ? "csv-database" : kind;

    public override bool TryGetProperty(string property, HostCall call, out Completion value)
    {
        value = settings is not null && property == "receiver_address" ? Value.From(settings.Receiver) : default;
        return value.Value.Kind is ValueKind.String;
    }
}
