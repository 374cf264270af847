using System.Reflection;

namespace Vsmtp.GrainHost.Contract.Surface;

/// <summary>Members as text that is the same for the same promise. Type parameters go by their places; nullable references are not told.</summary>
internal static class Signature
{
    public static bool IsPromise(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    public static string OfMember(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"{AccessOf(constructor)} new({ParametersOf(constructor)})",
        MethodInfo method => $"{AccessOf(method)} {OfType(method.ReturnType)} {method.Name}{OfTypeParameters(method)}({ParametersOf(method)})",
        PropertyInfo property => OfProperty(property),
        FieldInfo { IsLiteral: true } field => $"const {OfType(field.FieldType)} {field.Name} = {field.GetRawConstantValue()}",
        FieldInfo field => $"field {(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{OfType(field.FieldType)} {field.Name}",
        EventInfo gone => $"event {OfType(gone.EventHandlerType!)} {gone.Name}",
        _ => throw new NotSupportedException($"{member.MemberType} {member.Name}"),
    };

    /// <summary>Their number and constraints, as <c>&lt;1 Orleans.IGrain&gt;</c>; nothing where there are none.</summary>
    public static string OfTypeParameters(MemberInfo generic)
    {
        var parameters = generic is Type type ? type.GetGenericArguments() : ((MethodInfo)generic).GetGenericArguments();
        return parameters.Length == 0 ? "" : $"<{string.Join(", ", parameters.Select(OfTypeParameter))}>";
    }

    public static string OfType(Type type) => type switch
    {
        { IsGenericParameter: true } => $"{(type.DeclaringMethod is null ? "!" : "!!")}{type.GenericParameterPosition}",
        { IsByRef: true } => OfType(type.GetElementType()!) + "&",
        { IsArray: true } => $"{OfType(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]",
        { IsGenericType: true } => $"{type.GetGenericTypeDefinition().FullName}<{string.Join(", ", type.GetGenericArguments().Select(OfType))}>",
        _ => type.FullName ?? type.Name,
    };

    private static string OfTypeParameter(Type parameter)
    {
        string[] kinds = parameter.GenericParameterAttributes is not GenericParameterAttributes.None and var attributes ? [attributes.ToString()] : [];
        var bounds = parameter.GetGenericParameterConstraints().Select(OfType).Order(StringComparer.Ordinal);
        return string.Join(' ', [(parameter.GenericParameterPosition + 1).ToString(), .. kinds, .. bounds]);
    }

    private static string OfProperty(PropertyInfo property)
    {
        var accessors = property.GetAccessors(nonPublic: true).Where(IsPromise).ToList();
        var parts = accessors.Select(accessor => accessor.ReturnType.FullName != typeof(void).FullName ? "get;" : IsInit(accessor) ? "init;" : "set;");
        var required = property.GetCustomAttributesData().Any(data => data.AttributeType.Name == "RequiredMemberAttribute") ? "required " : "";
        var index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(OfParameter))}]" : "";
        return $"{AccessOf(accessors[0])} {required}{OfType(property.PropertyType)} {property.Name}{index} {{ {string.Join(' ', parts)} }}";
    }

    private static bool IsInit(MethodInfo setter) =>
        setter.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit");

    /// <summary>Who may call it, on what, and whether one may replace it. Members of interfaces are all alike: a default body is no promise.</summary>
    private static string AccessOf(MethodBase method) => string.Join(
        ' ',
        method.IsPublic ? "public" : method.IsFamilyOrAssembly ? "protected internal" : "protected",
        method.IsStatic ? "static" : "instance",
        method.DeclaringType!.IsInterface || !method.IsVirtual || method.IsFinal ? "" : "virtual").TrimEnd();

    private static string ParametersOf(MethodBase method)
    {
        var extended = method.GetCustomAttributesData().Any(data => data.AttributeType.Name == "ExtensionAttribute") ? "this " : "";
        return extended + string.Join(", ", method.GetParameters().Select(OfParameter));
    }

    private static string OfParameter(ParameterInfo parameter)
    {
        var kind = parameter.GetCustomAttributesData().Any(data => data.AttributeType.Name == "ParamArrayAttribute") ? "params " : "";
        var way = parameter.IsOut ? "out " : parameter.IsIn ? "in " : "";
        var option = parameter.IsOptional ? $" = {parameter.RawDefaultValue ?? "null"}" : "";
        return $"{kind}{way}{OfType(parameter.ParameterType)} {parameter.Name}{option}";
    }
}
