namespace Vsmtp.Vsl;

/// <summary>Makes the values of <c>service</c> declarations.</summary>
public interface IServiceFactory
{
    /// <summary>
    /// Kinds that exist, e.g. <c>cmd</c>, <c>smtp</c>, <c>db:csv</c>; any other is an error when the script is loaded.
    /// </summary>
    IReadOnlySet<string> Kinds { get; }

    Completion Create(ServiceDeclaration declaration);
}
